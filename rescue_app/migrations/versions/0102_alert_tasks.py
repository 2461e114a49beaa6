"""An alert meets the ledger: lists for every point inside, a call for everyone responsible.

Revision ID: 0102
Revises: 0120
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rescue_app.migrations.security import APP_ROLE, guard

revision = "0102"
down_revision = "0120"
branch_labels = None
depends_on = None

# Without a question inside a question PostgreSQL reads the rule into whoever asks it: 250,000
# points in one pass, and the index on places where the alert is a drawing.
HOLDS_AT = """
CREATE OR REPLACE FUNCTION alert_holds_at(areas text[], drawn geometry, path text, place geometry)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(path ^@ ANY (areas), false) OR coalesce(ST_Intersects(drawn, place), false)
$$
"""
BEFORE = """
CREATE OR REPLACE FUNCTION alert_holds_at(areas text[], drawn geometry, path text, place geometry)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT EXISTS (SELECT FROM unnest(areas) AS whole WHERE starts_with(path, whole))
        OR (drawn IS NOT NULL AND place && drawn AND ST_Intersects(drawn, place))
$$
"""


def upgrade() -> None:
    op.execute(HOLDS_AT)
    lists = sa.Column("lists", postgresql.JSONB(), server_default="[]", nullable=False)
    op.add_column("alert_colour", lists)
    op.add_column("alert", sa.Column("looked_at", sa.DateTime(timezone=True)))
    op.execute(f"GRANT UPDATE (looked_at) ON alert TO {APP_ROLE}")
    op.add_column("task", sa.Column("alert_id", sa.Uuid()))
    of_alerts = sa.text("alert_id IS NOT NULL")
    op.create_index("ix_task_alert_id", "task", ["alert_id"], postgresql_where=of_alerts)
    op.create_table(
        "alert_call",
        sa.Column("ref", sa.Uuid(), primary_key=True),
        sa.Column("root_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("alert_id", sa.Uuid(), sa.ForeignKey("alert.id"), nullable=False),
        sa.Column("colour", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("name", "phone")),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        sa.Column("points", sa.Integer(), nullable=False),
    )
    # Whom an alert reaches is worked out by the program, whoever issued it.
    guard("alert_call", write="is_system()", append_only=True)


def downgrade() -> None:
    op.drop_table("alert_call")
    op.drop_index("ix_task_alert_id", table_name="task")
    op.drop_column("task", "alert_id")
    op.drop_column("alert", "looked_at")
    op.drop_column("alert_colour", "lists")
    op.execute(BEFORE)
