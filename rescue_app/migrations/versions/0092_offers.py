"""Who cannot proposes something else; a hop can have a part of the order in words of its own.

Revision ID: 0092
Revises: 0087
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rescue_app.migrations.security import APP_ROLE

revision = "0092"
down_revision = "0087"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("assignment", sa.Column("offer_id", sa.Uuid()))
    part = sa.Column("part", sa.Text(), nullable=False, server_default="")
    op.add_column("assignment", part)
    op.add_column("assignment", sa.Column("part_due_at", sa.DateTime(timezone=True)))
    other = sa.ForeignKey("assignment.id")
    op.add_column("assignment", sa.Column("replaces_id", sa.Uuid(), other))
    # What waits for the word of a centre that gave it: few rows of many.
    op.create_index(
        "ix_assignment_giver_path_offered",
        "assignment",
        ["giver_path"],
        postgresql_where=sa.text("offer_id IS NOT NULL"),
    )
    # One hop replaces another one, however the ruling came in.
    op.create_index("uq_assignment_replaces_id", "assignment", ["replaces_id"], unique=True)
    op.execute(f"GRANT UPDATE (offer_id) ON assignment TO {APP_ROLE}")
    op.add_column("assignment_step", sa.Column("offer", postgresql.JSONB()))
    op.add_column("assignment_step", sa.Column("about_id", sa.Uuid()))


def downgrade() -> None:
    op.drop_column("assignment_step", "about_id")
    op.drop_column("assignment_step", "offer")
    for column in ("replaces_id", "part_due_at", "part", "offer_id"):
        op.drop_column("assignment", column)
