"""What was kept of a broker's messages: one that it sends again is known by its number.

Revision ID: 0214
Revises: 0190
"""

import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import guard

revision = "0214"
down_revision = "0190"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "broker_receipt",
        sa.Column("client", sa.Text(), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
    )
    guard("broker_receipt", read="is_system()", write="is_system()")


def downgrade() -> None:
    op.drop_table("broker_receipt")
