"""Who of a unit's people is called first.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("member", sa.Column("rank", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("member", "rank")
