"""The road graph, and the one question it is asked: how long from many places to one.

Where the server has no pgRouting, everything else works and ways are straight lines.

Revision ID: 0065
Revises: 0064
"""

import geoalchemy2
import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import guard_reference

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

PGROUTING = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pgrouting') THEN
        CREATE EXTENSION IF NOT EXISTS pgrouting;
    END IF;
END $$
"""
# pgRouting takes its roads as the text of a query; only numbers and a shape go into it. About
# 20 m (0.0002 degrees) around a closed place no road is passed.
ROAD_SECONDS = """
CREATE FUNCTION road_seconds(
    starts bigint[], goal bigint, west float8, south float8, east float8, north float8,
    closed text)
RETURNS TABLE (start bigint, seconds float8) LANGUAGE plpgsql STABLE AS $$
DECLARE
    roads text := format(
        'SELECT id, from_node AS source, to_node AS target, seconds AS cost,'
        ' back_seconds AS reverse_cost FROM road_edge'
        ' WHERE line && ST_MakeEnvelope(%s, %s, %s, %s, 4326)', west, south, east, north);
BEGIN
    IF closed IS NOT NULL THEN
        roads := roads || format(' AND NOT ST_DWithin(line, %L::geometry, 0.0002)', closed);
    END IF;
    RETURN QUERY SELECT c.start_vid, c.agg_cost FROM pgr_dijkstraCost(roads, starts, goal, true) c;
END $$
"""


def upgrade() -> None:
    op.execute(PGROUTING)
    op.create_table(
        "road_graph",
        sa.Column("source", sa.Text(), primary_key=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("nodes", sa.Integer(), nullable=False),
        sa.Column("edges", sa.Integer(), nullable=False),
        sa.Column("km", sa.Float(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "road_node",
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        shape("place", "POINT"),
    )
    op.create_table(
        "road_edge",
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("from_node", sa.BigInteger(), nullable=False),
        sa.Column("to_node", sa.BigInteger(), nullable=False),
        shape("line", "LINESTRING"),
        sa.Column("length_m", sa.Float(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("back_seconds", sa.Float(), nullable=False),
    )
    op.create_index("idx_road_node_place", "road_node", ["place"], postgresql_using="gist")
    op.create_index("idx_road_edge_line", "road_edge", ["line"], postgresql_using="gist")
    for table in ("road_graph", "road_node", "road_edge"):
        guard_reference(table)
    op.execute(ROAD_SECONDS)


def shape(name: str, kind: str) -> sa.Column[object]:
    return sa.Column(
        name,
        geoalchemy2.Geometry(kind, srid=4326, spatial_index=False),
        nullable=False,
    )


def downgrade() -> None:
    op.execute("DROP FUNCTION road_seconds(bigint[], bigint, float8, float8, float8, float8, text)")
    for table in ("road_edge", "road_node", "road_graph"):
        op.drop_table(table)
