"""What only residents reported is not yet a danger that an office knows.

Revision ID: 0059
Revises: 0058
"""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

KNOWN_SO_FAR = """
    UPDATE asset SET unproven = true WHERE worst_open_grade IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM finding WHERE finding.asset_id = asset.id AND closed_at IS NULL
            AND template_code <> 'label' AND grade <= worst_open_grade
            AND NOT (template_code = 'resident' AND state = 'discovered'))
"""


def upgrade() -> None:
    op.add_column(
        "asset", sa.Column("unproven", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute(KNOWN_SO_FAR)


def downgrade() -> None:
    op.drop_column("asset", "unproven")
