"""Modes of areas: peace, urgent, war, from a moment to a moment.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint

from rescue_app.migrations.security import guard

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# Whoever works in a street reads what the district and the city above him decided.
CONCERNS = """in_scope(area_path)
    OR starts_with(current_setting('yitong.area_path', true), area_path)"""
COMMANDS = "in_scope(area_path) AND (is_system() OR scope_role() LIKE '%commander')"
# The nearest area at or above a place that has a mode in force decides.
MODE_AT = """
CREATE FUNCTION mode_at(place text, at timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT mode FROM area_mode
        WHERE starts_with(place, area_path) AND period @> at
        ORDER BY length(area_path) DESC LIMIT 1), 'peace') $$
"""


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    text = sa.Text()
    op.create_table(
        "area_mode",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        sa.Column("mode", text, nullable=False),
        sa.Column("period", TSTZRANGE(), nullable=False),
        sa.Column("reason", text, nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", text, nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        ExcludeConstraint(
            ("area_path", "="), ("period", "&&"), name="one_mode_at_a_time", using="gist"
        ),
        sa.CheckConstraint("mode IN ('peace', 'urgent', 'war')", name="ck_area_mode_mode"),
        sa.CheckConstraint("NOT isempty(period)", name="ck_area_mode_period"),
    )
    guard("area_mode", read=CONCERNS, write=COMMANDS)
    op.execute("REVOKE DELETE ON area_mode FROM yitong_app")
    op.execute(MODE_AT)


def downgrade() -> None:
    op.execute("DROP FUNCTION mode_at(text, timestamptz)")
    op.drop_table("area_mode")
    op.execute("DROP EXTENSION btree_gist")
