"""How many people a warning is to reach, and whether the worker still has some to call.

Revision ID: 0132
Revises: 0127
"""

import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import APP_ROLE

revision = "0132"
down_revision = "0127"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("alert", sa.Column("to_call", sa.Integer(), server_default="0", nullable=False))
    op.add_column(
        "alert", sa.Column("calling", sa.Boolean(), server_default="false", nullable=False)
    )
    op.create_index("ix_alert_calling", "alert", ["id"], postgresql_where=sa.text("calling"))
    op.execute(f"GRANT UPDATE (to_call, calling) ON alert TO {APP_ROLE}")


def downgrade() -> None:
    op.drop_index("ix_alert_calling", "alert")
    op.drop_column("alert", "calling")
    op.drop_column("alert", "to_call")
