"""Keys that sign the packs which phones take along.

Revision ID: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import guard

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pack_key",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )
    guard("pack_key", read="is_system()", write="is_system()")


def downgrade() -> None:
    op.drop_table("pack_key")
