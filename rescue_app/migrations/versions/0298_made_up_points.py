"""Whether any point is made up is asked for each start page: a ledger without one is not read whole.

Revision ID: 0298
Revises: 0290
"""

import sqlalchemy as sa
from alembic import op

revision = "0298"
down_revision = "0290"
branch_labels = None
depends_on = None

NAME = "ix_hazard_point_synthetic"


def upgrade() -> None:
    op.create_index(NAME, "hazard_point", ["id"], postgresql_where=sa.text("synthetic"))


def downgrade() -> None:
    op.drop_index(NAME, "hazard_point")
