"""Rivers, lakes and reservoirs.

Revision ID: 0033
Revises: 0032
"""

import geoalchemy2
import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import guard_reference

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "water",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column(
            "shape",
            geoalchemy2.Geometry("GEOMETRY", srid=4326, spatial_index=False),
            nullable=False,
        ),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_water")),
    )
    op.create_index("idx_water_shape", "water", ["shape"], postgresql_using="gist")
    guard_reference("water")


def downgrade() -> None:
    op.drop_table("water")
