"""Orders that one tap issued together: what was proposed, who issued it, and each action once.

Revision ID: 0064
Revises: 0063
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rescue_app.migrations.security import guard

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

COMMANDS = "(is_system() OR scope_role() LIKE '%commander') AND in_scope(area_path)"
# Whoever works in a street reads what was issued together for the district above him; the
# orders themselves he sees only where a hop of them is his.
CONCERNS = """in_scope(area_path) OR (scope_role() <> 'resident'
    AND starts_with(current_setting('yitong.area_path', true), area_path))"""


def area_path() -> sa.Column[str]:
    return sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True)


def upgrade() -> None:
    text = sa.Text()
    op.create_table(
        "order_batch",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.Column(
            "incident_id", sa.Uuid(), sa.ForeignKey("incident.id"), nullable=False, index=True
        ),
        sa.Column("district_path", sa.Text(collation="C"), nullable=False),
        area_path(),
        sa.Column("giver_path", sa.Text(collation="C"), nullable=False),
        sa.Column("plan_type", text, nullable=False),
        sa.Column("plan_version", sa.Integer()),
        sa.Column("level", text, nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=False),
        sa.Column("issuer_name", text, nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fingerprint", text, nullable=False),
        sa.Column("left_out", postgresql.ARRAY(text), nullable=False),
        sa.Column("is_drill", sa.Boolean(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
    )
    guard("order_batch", read=CONCERNS, write=COMMANDS, append_only=True)
    make_lines()


def make_lines() -> None:
    text = sa.Text()
    op.create_table(
        "order_batch_line",
        sa.Column("order_id", sa.Uuid(), sa.ForeignKey("dispatch_order.id"), primary_key=True),
        sa.Column(
            "batch_id", sa.Uuid(), sa.ForeignKey("order_batch.id"), nullable=False, index=True
        ),
        sa.Column("incident_id", sa.Uuid(), sa.ForeignKey("incident.id"), nullable=False),
        sa.Column("district_path", sa.Text(collation="C"), nullable=False),
        area_path(),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("action", text, nullable=False),
        sa.Column("step", text, nullable=False),
        sa.Column("within_min", sa.Integer(), nullable=False),
        sa.Column("proposed", postgresql.JSONB(), nullable=False),
        # Once: whoever presses, and however often.
        sa.UniqueConstraint(
            "incident_id", "district_path", "action", name="uq_order_batch_line_action"
        ),
    )
    guard("order_batch_line", read=CONCERNS, write=COMMANDS, append_only=True)


def downgrade() -> None:
    op.drop_table("order_batch_line")
    op.drop_table("order_batch")
