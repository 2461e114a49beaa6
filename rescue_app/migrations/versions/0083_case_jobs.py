"""A case may be at work: the job that brings a large one onto the ledger, or takes it back.

Revision ID: 0083
Revises: 0082
"""

import sqlalchemy as sa
from alembic import op

revision = "0083"
down_revision = "0082"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ledger_case", sa.Column("job_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("ledger_case", "job_id")
