"""Where crews on an order are, and how it is known that they arrived.

Revision ID: 0078
Revises: 0069
"""

import geoalchemy2
import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import guard

revision = "0078"
down_revision = "0069"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
# Nobody says where another one is.
ONES_OWN = "is_system() OR (account_id = scope_actor() AND in_scope(area_path))"


def upgrade() -> None:
    op.add_column("assignment_step", sa.Column("how", sa.Text()))
    op.create_table(
        "crew_place",
        sa.Column("assignment_id", sa.Uuid(), sa.ForeignKey("assignment.id"), primary_key=True),
        sa.Column("account_id", sa.Uuid(), primary_key=True),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "place", geoalchemy2.Geometry("POINT", srid=4326, spatial_index=False), nullable=False
        ),
        sa.Column("accuracy_m", sa.Double(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
    )
    guard("crew_place", write=ONES_OWN)


def downgrade() -> None:
    op.drop_table("crew_place")
    op.drop_column("assignment_step", "how")
