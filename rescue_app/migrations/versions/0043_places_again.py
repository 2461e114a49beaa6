"""Keep the places of points in a GiST again: counting over an SP-GiST of shapes ends the server.

PostgreSQL may count rows by an index alone, and then reads what PostGIS keeps in the leaves of
an SP-GiST, boxes, as if it were shapes: the process dies, and every connection with it.

Revision ID: 0043
Revises: 0042
"""

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def index_places(kind: str) -> None:
    op.execute("DROP INDEX idx_hazard_point_place")
    op.execute(f"CREATE INDEX idx_hazard_point_place ON hazard_point USING {kind} (place)")


def upgrade() -> None:
    index_places("gist")


def downgrade() -> None:
    index_places("spgist")
