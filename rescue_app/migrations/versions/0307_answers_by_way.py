"""A line of an order's log says by which way it came, where a gateway brought it.

Revision ID: 0307
Revises: 0315
"""

import sqlalchemy as sa
from alembic import op

revision = "0307"
down_revision = "0315"
branch_labels = None
depends_on = None

LOGS = ("assignment_step", "member_step")


def upgrade() -> None:
    for log in LOGS:
        op.add_column(log, sa.Column("via", sa.Text()))


def downgrade() -> None:
    for log in LOGS:
        op.drop_column(log, "via")
