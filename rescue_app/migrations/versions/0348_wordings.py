"""A call whose words were changed keeps what it said before: a message of then answers that.

Revision ID: 0348
Revises: 0347
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0348"
down_revision = "0347"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column("wordings", JSONB, nullable=False, server_default=sa.text("'[]'::jsonb"))
    op.add_column("call", column)


def downgrade() -> None:
    op.drop_column("call", "wordings")
