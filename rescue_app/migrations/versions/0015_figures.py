"""Figures of a city's or district's own, and who may publish lists.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import guard

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

CITY_EDITS = (
    "is_system() OR (scope_role() IN ('city_commander', 'planner')"
    " AND current_setting('yitong.area_path', true) ~ '^/[^/]+/$')"
)
SETS = (
    "(is_system() OR scope_role() IN ('city_commander', 'district_commander', 'planner'))"
    " AND in_scope(area_path)"
)


def upgrade() -> None:
    op.drop_column("threshold", "own_value")
    op.create_table(
        "threshold_own",
        sa.Column("code", sa.Text(), sa.ForeignKey("threshold.code"), primary_key=True),
        sa.Column("area_path", sa.Text(collation="C"), primary_key=True),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_name", sa.Text(), nullable=False),
    )
    # A patrol in a street is judged by its district's figure and the city's: all may read.
    guard("threshold_own", read="true", write=SETS)
    let_write(CITY_EDITS)


def let_write(who: str) -> None:
    for table in ("checklist_template", "checklist_item"):
        op.execute(f"ALTER POLICY {table}_insert ON {table} WITH CHECK ({who})")
        op.execute(f"ALTER POLICY {table}_update ON {table} USING ({who}) WITH CHECK ({who})")


def downgrade() -> None:
    let_write("is_system()")
    op.drop_table("threshold_own")
    op.add_column("threshold", sa.Column("own_value", sa.Float()))
