"""An order keeps its place in English where it is the one that the form proposed.

Revision ID: 0120
Revises: 0108
"""

import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import APP_ROLE

revision = "0120"
down_revision = "0108"
branch_labels = None
depends_on = None


def upgrade() -> None:
    said = sa.Column("where_en", sa.Text(), nullable=False, server_default="")
    op.add_column("dispatch_order", said)
    op.execute(f"GRANT UPDATE (where_en) ON dispatch_order TO {APP_ROLE}")


def downgrade() -> None:
    op.drop_column("dispatch_order", "where_en")
