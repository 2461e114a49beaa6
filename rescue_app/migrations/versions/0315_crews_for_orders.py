"""An order says what a crew has to be able to do for it, so that climbing over finds who can.

Revision ID: 0315
Revises: 0298
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0315"
down_revision = "0298"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "dispatch_order",
        sa.Column("crew_needs", ARRAY(sa.Text()), server_default="{}", nullable=False),
    )


def downgrade() -> None:
    op.drop_column("dispatch_order", "crew_needs")
