"""An incident is seen by the districts and streets that its drawn area reaches.

Revision ID: 0266
Revises: 0254
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0266"
down_revision = "0254"
branch_labels = None
depends_on = None

BY_ORDER = "EXISTS (SELECT FROM dispatch_order o WHERE o.incident_id = incident.id)"
REACHED = "current_setting('yitong.area_path', true) = ANY (reached_paths)"
KNOWN = """
    UPDATE incident SET reached_paths = ARRAY(
        SELECT area.path FROM area
        WHERE starts_with(area.path, incident.area_path) AND area.path <> incident.area_path
            AND area.level IN ('district', 'street')
            AND area.validity @> timezone('Asia/Shanghai', incident.opened_at)::date
            AND ST_Intersects(area.boundary, incident.extent)
        ORDER BY area.path
    )
    WHERE extent IS NOT NULL
"""


def upgrade() -> None:
    op.add_column(
        "incident",
        sa.Column(
            "reached_paths", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False
        ),
    )
    op.execute(KNOWN)
    op.execute(
        f"ALTER POLICY incident_read ON incident"
        f" USING (in_scope(area_path) OR {REACHED} OR {BY_ORDER})"
    )


def downgrade() -> None:
    op.execute(f"ALTER POLICY incident_read ON incident USING (in_scope(area_path) OR {BY_ORDER})")
    op.drop_column("incident", "reached_paths")
