"""An order is told first, and whom it calls is laid out right after: that work outlives a crash.

Revision ID: 0282
Revises: 0266
"""

import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import guard

revision = "0282"
down_revision = "0266"
branch_labels = None
depends_on = None

COMMANDS = "(is_system() OR scope_role() LIKE '%commander') AND in_scope(area_path)"


def upgrade() -> None:
    op.create_table(
        "calls_due",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.Column("order_id", sa.Uuid(), sa.ForeignKey("dispatch_order.id"), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False),
    )
    guard("calls_due", read="is_system()", write="is_system()", insert=COMMANDS)


def downgrade() -> None:
    op.drop_table("calls_due")
