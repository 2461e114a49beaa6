"""Photos that an item of a checklist asks for.

Revision ID: 0051
Revises: 0050
"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "checklist_item",
        sa.Column("required", sa.Boolean(), nullable=False, server_default=sa.text("false")),
    )
    op.add_column(
        "inspection_photo", sa.Column("item", sa.Text(), nullable=False, server_default="")
    )


def downgrade() -> None:
    op.drop_column("inspection_photo", "item")
    op.drop_column("checklist_item", "required")
