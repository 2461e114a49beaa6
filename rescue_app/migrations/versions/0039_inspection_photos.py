"""Photos of inspections: promised with the visit, arriving by themselves.

Revision ID: 0039
Revises: 0038
"""

import geoalchemy2
import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import guard

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inspection_photo",
        sa.Column(
            "inspection_id",
            sa.Uuid(),
            sa.ForeignKey("inspection.id", name="fk_inspection_photo_inspection_id_inspection"),
            nullable=False,
        ),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "place", geoalchemy2.Geometry("POINT", srid=4326, spatial_index=False), nullable=True
        ),
        sa.Column("accuracy_m", sa.Float(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_photo")),
    )
    op.create_index("ix_inspection_photo_inspection_id", "inspection_photo", ["inspection_id"])
    op.create_index("ix_inspection_photo_area_path", "inspection_photo", ["area_path"])
    guard("inspection_photo")


def downgrade() -> None:
    op.drop_table("inspection_photo")
