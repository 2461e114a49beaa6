"""The ledger as it was at a moment: an index over both ends of a state's time.

Revision ID: 0016
Revises: 0015
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TABLE = "hazard_point_version"


def upgrade() -> None:
    op.drop_index("ix_hazard_point_version_replaced_at", TABLE)
    op.create_index(
        "ix_hazard_point_version_replaced_at_changed_at", TABLE, ["replaced_at", "changed_at"]
    )


def downgrade() -> None:
    op.drop_index("ix_hazard_point_version_replaced_at_changed_at", TABLE)
    op.create_index("ix_hazard_point_version_replaced_at", TABLE, ["replaced_at"])
