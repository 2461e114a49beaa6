"""An order carries its action's checklist; what a crew ticks of it is a log.

Revision ID: 0278
Revises: 0282
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from rescue_app.migrations.security import guard

revision = "0278"
down_revision = "0282"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column(
        "dispatch_order",
        sa.Column("checklist", JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
    )
    op.create_table(
        "checklist_tick",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        sa.Column(
            "order_id", sa.Uuid(), sa.ForeignKey("dispatch_order.id"), nullable=False, index=True
        ),
        sa.Column(
            "assignment_id", sa.Uuid(), sa.ForeignKey("assignment.id"), nullable=False, index=True
        ),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("ticked", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("by_phone", sa.Text(), nullable=False),
        sa.Column("done_at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
    )
    guard("checklist_tick", append_only=True)


def downgrade() -> None:
    op.drop_table("checklist_tick")
    op.drop_column("dispatch_order", "checklist")
