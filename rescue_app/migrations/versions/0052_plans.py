"""Response plans in versions.

Revision ID: 0052
Revises: 0051
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rescue_app.migrations.security import APP_ROLE, guard

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

# The city's: its commander, or a planner of the whole city (/500000/ has two slashes).
PUBLISHES = """is_system() OR scope_role() = 'city_commander' OR (scope_role() = 'planner'
    AND current_setting('yitong.area_path', true) ~ '^/[0-9]+/$')"""


def upgrade() -> None:
    op.create_table(
        "plan_version",
        sa.Column("plan_type", sa.Text(), sa.ForeignKey("plan_type.code"), primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("shipped", sa.Boolean(), nullable=False),
        sa.Column("in_force", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_name", sa.Text(), nullable=False),
    )
    op.create_index(
        "uq_plan_version_in_force", "plan_version", ["plan_type"], unique=True,
        postgresql_where=sa.text("in_force"),
    )  # fmt: skip
    guard("plan_version", read="true", write=PUBLISHES)
    # What a version said stays: only which one is in force changes.
    op.execute(f"REVOKE UPDATE, DELETE ON plan_version FROM {APP_ROLE}")
    op.execute(f"GRANT UPDATE (in_force) ON plan_version TO {APP_ROLE}")


def downgrade() -> None:
    op.drop_table("plan_version")
