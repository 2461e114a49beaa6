"""A visit promises voice notes as it promises photos.

Revision ID: 0050
Revises: 0049
"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kind = sa.Column("kind", sa.Text(), nullable=False, server_default="photo")
    op.add_column("inspection_photo", kind)


def downgrade() -> None:
    op.drop_column("inspection_photo", "kind")
