"""Files that people attach and jobs leave.

Revision ID: 0012
Revises: 0011
"""

import geoalchemy2
import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import guard

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

OWN = "in_scope(area_path) AND (owner_id = scope_actor() OR is_system())"


def upgrade() -> None:
    op.create_table(
        "stored_file",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        sa.Column("owner_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ref", sa.Uuid(), index=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False, index=True),
        sa.Column("place", geoalchemy2.Geometry("POINT", srid=4326, spatial_index=False)),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.func.now(),
            nullable=False,
        ),
    )
    guard("stored_file", write=OWN)


def downgrade() -> None:
    op.drop_table("stored_file")
