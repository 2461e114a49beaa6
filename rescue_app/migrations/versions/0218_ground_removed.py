"""Ground that was brought in can be removed, and says when it is made up.

Revision ID: 0218
Revises: 0214
"""

import sqlalchemy as sa
from alembic import op

revision = "0218"
down_revision = "0214"
branch_labels = None
depends_on = None

LINES = "ck_ground_layer_lines"


def upgrade() -> None:
    op.add_column(
        "ground_layer",
        sa.Column("synthetic", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column("ground_layer", sa.Column("removed_at", sa.DateTime(timezone=True)))
    op.add_column("ground_layer", sa.Column("removed_by_name", sa.Text()))
    op.drop_constraint(LINES, "ground_layer", type_="check")
    op.create_check_constraint(
        LINES,
        "ground_layer",
        "(kind IN ('elevation', 'rain')) = (lines IS NULL) OR removed_at IS NOT NULL",
    )


def downgrade() -> None:
    op.execute("DELETE FROM ground_layer WHERE removed_at IS NOT NULL")
    op.drop_constraint(LINES, "ground_layer", type_="check")
    op.create_check_constraint(
        LINES, "ground_layer", "(kind IN ('elevation', 'rain')) = (lines IS NULL)"
    )
    for name in ("removed_by_name", "removed_at", "synthetic"):
        op.drop_column("ground_layer", name)
