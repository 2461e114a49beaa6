"""Marks of streams: levels that mean something at one station, by codes of the property.

Revision ID: 0144
Revises: 0123
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0144"
down_revision = "0123"
branch_labels = None
depends_on = None

OF = {"observed_property": "'[]'", "datastream": "'{}'"}


def upgrade() -> None:
    for table, empty in OF.items():
        marks = sa.Column(
            "marks", postgresql.JSONB(), server_default=sa.text(empty), nullable=False
        )
        op.add_column(table, marks)


def downgrade() -> None:
    for table in OF:
        op.drop_column(table, "marks")
