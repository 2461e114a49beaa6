"""What the map needs to know of a station at a glance: its sign, and the mark it stands over.

Revision ID: 0164
Revises: 0133
"""

import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import APP_ROLE

revision = "0164"
down_revision = "0133"
branch_labels = None
depends_on = None

# One line for each station: what it measures, in the order of properties, and how it stands. The
# view looks with its reader's eyes.
STANDING = """
CREATE VIEW station_standing WITH (security_invoker = true) AS
SELECT p.id, p.name, p.code, p.place, p.area_path, s.kinds, s.icons, s.over, s.trouble, j.colour
FROM monitoring_point p
CROSS JOIN LATERAL (
    SELECT array_agg(d.property ORDER BY o.position, d.channel) AS kinds,
        array_agg(o.icon ORDER BY o.position, d.channel) AS icons,
        coalesce(bool_or(d.over IS NOT NULL), false) AS over, min(d.trouble) AS trouble
    FROM datastream d JOIN observed_property o ON o.code = d.property WHERE d.point_id = p.id
) AS s
LEFT JOIN LATERAL (
    SELECT colour FROM judging_standing WHERE point_id = p.id AND colour IS NOT NULL
    ORDER BY array_position(ARRAY['red', 'orange', 'yellow', 'blue'], colour) LIMIT 1
) AS j ON true
"""


def upgrade() -> None:
    op.add_column(
        "observed_property",
        sa.Column("icon", sa.Text(), nullable=False, server_default="radio-tower"),
    )
    op.add_column("datastream", sa.Column("over", sa.Text()))
    op.execute(STANDING)
    op.execute(f"GRANT SELECT ON station_standing TO {APP_ROLE}")


def downgrade() -> None:
    op.execute("DROP VIEW station_standing")
    op.drop_column("datastream", "over")
    op.drop_column("observed_property", "icon")
