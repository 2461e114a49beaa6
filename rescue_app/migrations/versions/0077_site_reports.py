"""What crews tell from their sites, and the watch over them.

Revision ID: 0077
Revises: 0065
"""

import geoalchemy2
import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import APP_ROLE, guard

revision = "0077"
down_revision = "0065"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def path() -> sa.Column[str]:
    return sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True)


def upgrade() -> None:
    op.create_table(
        "site_report",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", MOMENT, server_default=sa.func.now(), nullable=False),
        path(),
        sa.Column("order_id", sa.Uuid(), sa.ForeignKey("dispatch_order.id"), nullable=False),
        sa.Column(
            "assignment_id", sa.Uuid(), sa.ForeignKey("assignment.id"), nullable=False, index=True
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("need", sa.Text()),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("people_moved", sa.Integer()),
        sa.Column("place", geoalchemy2.Geometry("POINT", srid=4326, spatial_index=False)),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("by_phone", sa.Text(), nullable=False),
        sa.Column("done_at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
    )
    op.create_index(
        "ix_site_report_order_id_received_at", "site_report", ["order_id", "received_at"]
    )
    guard("site_report", append_only=True)
    op.create_table(
        "site_watch",
        sa.Column("assignment_id", sa.Uuid(), sa.ForeignKey("assignment.id"), primary_key=True),
        path(),
        sa.Column("heard_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, index=True),
        sa.Column("call_ref", sa.Uuid()),
    )
    guard("site_watch", write="is_system()")
    op.execute(f"REVOKE DELETE ON site_watch FROM {APP_ROLE}")


def downgrade() -> None:
    op.drop_table("site_watch")
    op.drop_table("site_report")
