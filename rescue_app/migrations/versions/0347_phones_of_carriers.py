"""Whoever carries a list and cannot sign in is called at the phone that the list of owners names.

Lists made before keep his name alone: they call whom the list of owners names now, as they did.

Revision ID: 0347
Revises: 0303
"""

import sqlalchemy as sa
from alembic import op

revision = "0347"
down_revision = "0303"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("task", sa.Column("person_phone", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("task", "person_phone")
