"""Patrols against return, each with who walked and when.

Revision ID: 0121
Revises: 0103
"""

import geoalchemy2
import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import guard

revision = "0121"
down_revision = "0103"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
# Whoever sees the roster sees that its area was walked, also where a wider area's people walked it.
SEEN = """in_scope(area_path) OR EXISTS (
    SELECT FROM evacuation e WHERE e.id = evacuation_id AND in_scope(e.area_path))"""


def upgrade() -> None:
    op.create_table(
        "return_patrol",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "evacuation_id", sa.Uuid(), sa.ForeignKey("evacuation.id"), nullable=False, index=True
        ),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("place", geoalchemy2.Geometry("POINT", srid=4326, spatial_index=False)),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("done_at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
    )
    guard("return_patrol", read=SEEN, append_only=True)


def downgrade() -> None:
    op.drop_table("return_patrol")
