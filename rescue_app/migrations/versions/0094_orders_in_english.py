"""An order of a plan keeps the plan's English beside its words; who entered an answer is told apart.

Revision ID: 0094
Revises: 0093
"""

import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import APP_ROLE

revision = "0094"
down_revision = "0093"
branch_labels = None
depends_on = None


def upgrade() -> None:
    said = sa.Column("what_en", sa.Text(), nullable=False, server_default="")
    op.add_column("dispatch_order", said)
    op.execute(f"GRANT UPDATE (what_en) ON dispatch_order TO {APP_ROLE}")
    op.add_column("assignment_step", sa.Column("entered_by", sa.Text()))


def downgrade() -> None:
    op.drop_column("assignment_step", "entered_by")
    op.drop_column("dispatch_order", "what_en")
