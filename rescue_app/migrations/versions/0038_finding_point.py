"""A finding knows the point of the map that it became.

Revision ID: 0038
Revises: 0037
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # No foreign key: the point is on the ledger only when its case was approved.
    op.add_column("finding", sa.Column("point_id", sa.Uuid(), index=True))
    op.add_column("finding", sa.Column("point_case_id", sa.Uuid()))


def downgrade() -> None:
    op.drop_column("finding", "point_case_id")
    op.drop_column("finding", "point_id")
