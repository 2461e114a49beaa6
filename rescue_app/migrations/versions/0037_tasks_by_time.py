"""The tasks owed in the order of their time: a city's board shows the first 50 of 250,000.

Revision ID: 0037
Revises: 0036
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_task_due_at",
        "task",
        ["due_at", "id"],
        postgresql_where=sa.text("state IN ('open', 'begun')"),
    )


def downgrade() -> None:
    op.drop_index("ix_task_due_at", table_name="task")
