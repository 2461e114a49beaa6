"""The tasks owed by time say whose point they are: overdue points are counted from the index alone.

Revision ID: 0097
Revises: 0083
"""

import sqlalchemy as sa
from alembic import op

revision = "0097"
down_revision = "0083"
branch_labels = None
depends_on = None


def upgrade() -> None:
    make(["point_id", "area_path"])


def downgrade() -> None:
    make([])


def make(include: list[str]) -> None:
    """Make the index anew, with more to read in it."""
    op.drop_index("ix_task_due_at", table_name="task")
    op.create_index(
        "ix_task_due_at",
        "task",
        ["due_at", "id"],
        postgresql_include=include,
        postgresql_where=sa.text("state IN ('open', 'begun')"),
    )
