"""Points of an area by kind, counted out of one index; it takes the place of the one on the area.

Revision ID: 0040
Revises: 0039
"""

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

TABLE = "hazard_point"
BY_AREA, BY_KIND = "ix_hazard_point_area_path", "ix_hazard_point_area_path_kind"


def upgrade() -> None:
    op.create_index(BY_KIND, TABLE, ["area_path", "state", "hazard_type", "category"])
    op.drop_index(BY_AREA, TABLE)


def downgrade() -> None:
    op.create_index(BY_AREA, TABLE, ["area_path"])
    op.drop_index(BY_KIND, TABLE)
