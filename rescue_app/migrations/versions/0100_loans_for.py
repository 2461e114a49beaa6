"""A loan says what it is for, and that it is a drill.

Revision ID: 0100
Revises: 0101
"""

import sqlalchemy as sa
from alembic import op

revision = "0100"
down_revision = "0101"
branch_labels = None
depends_on = None

MARKS = ("is_drill", "synthetic")


def upgrade() -> None:
    op.add_column("crew_loan", sa.Column("incident_id", sa.Uuid(), sa.ForeignKey("incident.id")))
    op.add_column(
        "crew_loan", sa.Column("incident_title", sa.Text(), nullable=False, server_default="")
    )
    for mark in MARKS:
        plain: sa.Column[bool] = sa.Column(
            mark, sa.Boolean(), nullable=False, server_default=sa.false()
        )
        op.add_column("crew_loan", plain)


def downgrade() -> None:
    for column in (*MARKS, "incident_title", "incident_id"):
        op.drop_column("crew_loan", column)
