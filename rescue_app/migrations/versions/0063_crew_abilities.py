"""What crews can do and what they carry, in words that a city keeps itself.

Revision ID: 0063
Revises: 0076
"""

import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import APP_ROLE, guard

revision = "0063"
down_revision = "0076"
branch_labels = None
depends_on = None

# The city's: its commander, or a planner of the whole city (/500000/ has two slashes).
CITY_SETS = """is_system() OR scope_role() = 'city_commander' OR (scope_role() = 'planner'
    AND current_setting('yitong.area_path', true) ~ '^/[0-9]+/$')"""


def upgrade() -> None:
    op.create_table(
        "crew_ability",
        sa.Column("code", sa.Text(), primary_key=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("changed_by_name", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('skill', 'equipment')", name="ck_crew_ability_kind"),
    )
    guard("crew_ability", read="true", write=CITY_SETS)
    # A word stays: crews and plans of old days go on saying it.
    op.execute(f"REVOKE DELETE ON crew_ability FROM {APP_ROLE}")
    op.add_column(
        "crew",
        sa.Column("equipment", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("crew", "equipment")
    op.drop_table("crew_ability")
