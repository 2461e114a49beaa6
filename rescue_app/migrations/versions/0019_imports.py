"""Ledgers that people bring in, step by step.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from rescue_app.migrations.security import guard

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "ledger_import",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        sa.Column("owner_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("owner_name", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("looked", JSONB()),
        sa.Column("columns_key", sa.Text(), nullable=False, index=True),
        sa.Column("said", JSONB()),
        sa.Column("counts", JSONB()),
        sa.Column("found", JSONB()),
        sa.Column("problem", JSONB()),
        sa.Column("refused_file_id", sa.Uuid()),
        sa.Column("case_id", sa.Uuid(), index=True),
        sa.Column("job_id", sa.Uuid()),
        sa.Column("changed_at", moment, nullable=False),
        sa.Column("created_at", moment, server_default=sa.func.now(), nullable=False),
    )
    guard("ledger_import")


def downgrade() -> None:
    op.drop_table("ledger_import")
