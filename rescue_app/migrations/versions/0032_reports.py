"""What residents report on the page of a code, and the kinds they choose from.

Revision ID: 0032
Revises: 0031
"""

import geoalchemy2
import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import guard, guard_reference

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_kind",
        sa.Column("code", sa.Text(), primary_key=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
    )
    guard_reference("report_kind")
    op.create_table(
        "resident_report",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.Column("receipt", sa.Text(), nullable=False, unique=True),
        sa.Column("asset_id", sa.Uuid(), sa.ForeignKey("asset.id"), nullable=False, index=True),
        sa.Column("finding_id", sa.Uuid(), sa.ForeignKey("finding.id"), nullable=False, index=True),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("place", geoalchemy2.Geometry("POINT", srid=4326, spatial_index=False)),
        sa.Column("distance_m", sa.Float()),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index(
        "ix_resident_report_source_reported_at", "resident_report", ["source", "reported_at"]
    )
    # Residents have no area: the program writes for them and looks their receipts up.
    guard("resident_report", write="is_system()", append_only=True)


def downgrade() -> None:
    op.drop_table("resident_report")
    op.drop_table("report_kind")
