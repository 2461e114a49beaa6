"""Which disaster records were asked for the points they speak of.

Revision ID: 0151
Revises: 0138
"""

import sqlalchemy as sa
from alembic import op

revision = "0151"
down_revision = "0138"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "disaster_event",
        sa.Column("weighed", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_index(
        "ix_disaster_event_unweighed",
        "disaster_event",
        ["id"],
        postgresql_where=sa.text("NOT weighed"),
    )


def downgrade() -> None:
    op.drop_index("ix_disaster_event_unweighed", "disaster_event")
    op.drop_column("disaster_event", "weighed")
