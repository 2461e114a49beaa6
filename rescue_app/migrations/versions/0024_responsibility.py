"""Who is responsible for what, from when to when; and who has left.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import guard

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TEXTS = (
    "matter", "category", "level", "lead", "first_name", "first_phone", "deputy_name",
    "deputy_phone", "changed_by_name",
)  # fmt: skip
WRITES = (
    "(is_system() OR scope_role() IN ('city_commander', 'district_commander', 'planner'))"
    " AND in_scope(area_path)"
)
# A district must know whom to call above itself; beside it, nothing.
READS = (
    "in_scope(area_path) OR (scope_role() <> 'resident'"
    " AND starts_with(current_setting('yitong.area_path', true), area_path))"
)


def upgrade() -> None:
    op.add_column("member", sa.Column("until", sa.Date()))
    op.create_table(
        "responsibility",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in TEXTS),
        sa.Column("helpers", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("area_path", "matter", "category", "level", "valid_from"),
        sa.CheckConstraint("valid_to > valid_from", name="span"),
    )
    guard("responsibility", read=READS, write=WRITES)


def downgrade() -> None:
    op.drop_table("responsibility")
    op.drop_column("member", "until")
