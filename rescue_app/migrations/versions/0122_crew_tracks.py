"""Where crews were while they were on an order, for the wall's past.

Revision ID: 0122
Revises: 0121
"""

import geoalchemy2
import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import APP_ROLE, guard

revision = "0122"
down_revision = "0121"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ONES_OWN = "account_id = scope_actor() AND in_scope(area_path)"
OF_LENT = """EXISTS (SELECT FROM assignment a
    WHERE a.id = assignment_id AND a.lent_path IS NOT NULL AND in_scope(a.lent_path))"""


def upgrade() -> None:
    op.create_table(
        "crew_track",
        sa.Column("assignment_id", sa.Uuid(), sa.ForeignKey("assignment.id"), primary_key=True),
        sa.Column("account_id", sa.Uuid(), primary_key=True),
        sa.Column("at", MOMENT, primary_key=True),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        sa.Column(
            "place", geoalchemy2.Geometry("POINT", srid=4326, spatial_index=False), nullable=False
        ),
        sa.Column("received_at", MOMENT, nullable=False, index=True),
    )
    guard("crew_track", read=f"in_scope(area_path) OR {OF_LENT}", insert=ONES_OWN, append_only=True)
    op.execute("CREATE POLICY crew_track_delete ON crew_track FOR DELETE USING (is_system())")
    op.execute(f"GRANT DELETE ON crew_track TO {APP_ROLE}")


def downgrade() -> None:
    op.drop_table("crew_track")
