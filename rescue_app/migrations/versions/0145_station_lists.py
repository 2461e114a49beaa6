"""What a list of stations made and changed, so that it can be taken back as a whole.

Revision ID: 0145
Revises: 0160
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from rescue_app.migrations.security import guard

revision = "0145"
down_revision = "0160"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "station_import",
        sa.Column("import_id", sa.Uuid(), primary_key=True),
        sa.Column("stream_id", sa.Uuid(), primary_key=True, index=True),
        sa.Column("point_id", sa.Uuid(), nullable=False),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_station", sa.Boolean(), nullable=False),
        sa.Column("before", JSONB()),
    )
    guard("station_import")


def downgrade() -> None:
    op.drop_table("station_import")
