"""Which way water runs: on what it rests that a course is kept downstream.

Revision ID: 0189
Revises: 0166
"""

import sqlalchemy as sa
from alembic import op

revision = "0189"
down_revision = "0166"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("water", sa.Column("flow", sa.Text(), nullable=False, server_default=""))
    # The courses that ship are drawn downstream: at each of their junctions one goes on.
    op.execute("UPDATE water SET flow = 'drawn' WHERE source = 'WDBII'")


def downgrade() -> None:
    op.drop_column("water", "flow")
