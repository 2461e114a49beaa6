"""Response levels by district, the kinds of plans, and the mode that follows a level.

Revision ID: 0046
Revises: 0045
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint

from rescue_app.migrations.security import APP_ROLE, guard, guard_reference

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

# Whoever works in a street reads which level holds in the district above him.
CONCERNS = """in_scope(area_path) OR (scope_role() <> 'resident'
    AND starts_with(current_setting('yitong.area_path', true), area_path))"""
DECIDES = """in_scope(area_path)
    AND (is_system() OR scope_role() IN ('city_commander', 'district_commander'))"""
CITY_SETS = "is_system() OR scope_role() = 'city_commander'"


def upgrade() -> None:
    text = sa.Text()
    op.create_table(
        "plan_type",
        sa.Column("code", text, primary_key=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name_zh", text, nullable=False),
        sa.Column("name_en", text, nullable=False),
        sa.Column("hazards", postgresql.ARRAY(text), nullable=False),
    )
    guard_reference("plan_type")
    op.create_table(
        "level_mode",
        sa.Column("level", text, primary_key=True),
        sa.Column("mode", text, nullable=False),
        sa.Column("changed_by_name", text, nullable=False),
    )
    guard("level_mode", read="true", write=CITY_SETS)
    op.execute(f"REVOKE DELETE ON level_mode FROM {APP_ROLE}")
    make_levels()
    op.add_column("area_mode", sa.Column("level_id", sa.Uuid()))


def make_levels() -> None:
    text = sa.Text()
    op.create_table(
        "response_level",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        sa.Column("plan_type", text, sa.ForeignKey("plan_type.code"), nullable=False),
        sa.Column("level", text, nullable=False),
        sa.Column("period", TSTZRANGE(), nullable=False),
        sa.Column("ground", text, nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", text, nullable=False),
        sa.Column("incident_id", sa.Uuid(), sa.ForeignKey("incident.id"), index=True),
        sa.Column("end_ground", text),
        sa.Column("ended_by_name", text),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        ExcludeConstraint(
            ("area_path", "="), ("plan_type", "="), ("period", "&&"),
            name="one_level_at_a_time", using="gist",
        ),
        sa.CheckConstraint("level IN ('I', 'II', 'III', 'IV')", name="ck_response_level_level"),
        sa.CheckConstraint("NOT isempty(period)", name="ck_response_level_period"),
    )  # fmt: skip
    guard("response_level", read=CONCERNS, write=DECIDES)
    op.execute(f"REVOKE DELETE, UPDATE ON response_level FROM {APP_ROLE}")
    op.execute(f"GRANT UPDATE (period, end_ground, ended_by_name) ON response_level TO {APP_ROLE}")


def downgrade() -> None:
    op.drop_column("area_mode", "level_id")
    for table in ("response_level", "level_mode", "plan_type"):
        op.drop_table(table)
