"""Points left out of a case that came back stay with it, marked, and can be taken in again.

Revision ID: 0041
Revises: 0040
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

DRAFT, CASE = "hazard_point_draft", "ledger_case"


def upgrade() -> None:
    no, none = sa.false(), sa.text("0")
    op.add_column(DRAFT, sa.Column("left_out", sa.Boolean(), nullable=False, server_default=no))
    op.add_column(
        CASE, sa.Column("count_left_out", sa.Integer, nullable=False, server_default=none)
    )


def downgrade() -> None:
    op.execute("DELETE FROM hazard_point_draft WHERE left_out")
    op.drop_column(CASE, "count_left_out")
    op.drop_column(DRAFT, "left_out")
