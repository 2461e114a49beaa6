"""SQL for the road graph: written by COPY, asked for all crews at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shapely import Point, set_srid, to_wkb
from shapely.geometry.base import BaseGeometry
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from gis.roads.models import RoadEdge, RoadGraph, RoadNode
from gis.store.base import WGS84
from gis.store.together import driver

# Who stands farther from any road than this goes on foot or by a track that nobody drew.
MOST_ACCESS_M = 2_000
# So much around crews and place: a way may lead out of the box between them. About 5 km.
MARGIN_DEG = 0.05
METRES_A_DEGREE = 110_000
# A cut that lies farther from every road of the graph is on none of them.
MOST_OFF_M = 100
ROUTES = text("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pgrouting')")
SECONDS = text("""
    WITH asked AS (
        SELECT u.id, u.place, node.id AS node, node.access_m
        FROM (SELECT u.id, ST_SetSRID(ST_MakePoint(u.lon, u.lat), 4326) AS place
              FROM unnest(CAST(:ids AS uuid[]), CAST(:lons AS float8[]), CAST(:lats AS float8[]))
                AS u (id, lon, lat)) u
        CROSS JOIN LATERAL (
            SELECT n.id, ST_Distance(n.place::geography, u.place::geography) AS access_m
            FROM road_node n ORDER BY n.place <-> u.place LIMIT 1) node
    ), goal AS (SELECT * FROM asked WHERE id = :goal AND access_m <= :most),
    box AS (SELECT ST_Expand(ST_Extent(place)::geometry, :margin) AS shape FROM asked)
    SELECT a.id, r.seconds, a.access_m + goal.access_m AS access_m
    FROM goal CROSS JOIN box CROSS JOIN LATERAL road_seconds(
        ARRAY(SELECT DISTINCT node FROM asked WHERE access_m <= :most AND node <> goal.node),
        goal.node, ST_XMin(box.shape), ST_YMin(box.shape), ST_XMax(box.shape),
        ST_YMax(box.shape), CAST(:closed AS text)) r
    JOIN asked a ON a.node = r.start AND a.access_m <= :most
    UNION ALL
    SELECT a.id, 0, a.access_m + goal.access_m FROM asked a JOIN goal ON a.node = goal.node
    WHERE a.id <> goal.id
""")
DETOURS = text("""
    WITH goal AS (SELECT id, place FROM road_node ORDER BY md5(id::text) LIMIT :goals),
    start AS (SELECT id, place FROM road_node ORDER BY md5('s' || id::text) LIMIT :starts),
    way AS (SELECT * FROM pgr_dijkstraCost(
        'SELECT id, from_node AS source, to_node AS target,'
        ' CASE WHEN seconds < 0 THEN -1 ELSE length_m END AS cost,'
        ' CASE WHEN back_seconds < 0 THEN -1 ELSE length_m END AS reverse_cost FROM road_edge',
        ARRAY(SELECT id FROM start), ARRAY(SELECT id FROM goal)))
    SELECT way.agg_cost / ST_Distance(start.place::geography, goal.place::geography) AS detour
    FROM way JOIN start ON start.id = way.start_vid JOIN goal ON goal.id = way.end_vid
    WHERE ST_Distance(start.place::geography, goal.place::geography) > :least
""")
SNAPPED = text("""
    WITH asked AS (
        SELECT u.id, ST_SetSRID(ST_MakePoint(u.lon, u.lat), 4326) AS place
        FROM unnest(CAST(:ids AS text[]), CAST(:lons AS float8[]), CAST(:lats AS float8[]))
            AS u (id, lon, lat))
    SELECT a.id, ST_X(e.spot) AS lon, ST_Y(e.spot) AS lat
    FROM asked a CROSS JOIN LATERAL (
        SELECT ST_ClosestPoint(line, a.place) AS spot FROM road_edge
        ORDER BY line <-> a.place LIMIT 1) e
    WHERE ST_Distance(e.spot::geography, a.place::geography) <= :most
""")
# Where everybody reaches everybody else is the largest part; what was in it and is not any more
# is cut off. A place stands at the nearest of its next crossings that was in it.
CUT_OFF = text("""
    WITH before AS MATERIALIZED (SELECT part, node FROM road_parts(NULL)),
    after AS MATERIALIZED (SELECT part, node FROM road_parts(CAST(:closed AS text))),
    rest_before AS (SELECT part FROM before GROUP BY part ORDER BY count(*) DESC, part LIMIT 1),
    rest_after AS (SELECT part FROM after GROUP BY part ORDER BY count(*) DESC, part LIMIT 1),
    asked AS (
        SELECT u.id, ST_SetSRID(ST_MakePoint(u.lon, u.lat), 4326) AS place
        FROM unnest(CAST(:ids AS text[]), CAST(:lons AS float8[]), CAST(:lats AS float8[]))
            AS u (id, lon, lat)),
    standing AS (
        SELECT DISTINCT ON (a.id) a.id, n.id AS node
        FROM asked a CROSS JOIN LATERAL (
            SELECT n.id, n.place <-> a.place AS away FROM road_node n
            WHERE n.place && ST_Expand(a.place, :box)
            ORDER BY n.place <-> a.place LIMIT 20) n
        JOIN before b ON b.node = n.id JOIN rest_before r ON r.part = b.part
        ORDER BY a.id, n.away)
    SELECT s.id, coalesce(a.part <> (SELECT part FROM rest_after), true) AS cut_off
    FROM standing s LEFT JOIN after a ON a.node = s.node
""")
# COPY does not go past row-level security: rows are laid down beside the table first.
STAGE = (
    "CREATE TEMP TABLE road_node_in (id bigint, place geometry) ON COMMIT DROP",
    """CREATE TEMP TABLE road_edge_in (id bigint, from_node bigint, to_node bigint, line geometry,
        length_m float8, seconds float8, back_seconds float8) ON COMMIT DROP""",
)
NODES = "COPY road_node_in FROM STDIN"
EDGES = "COPY road_edge_in FROM STDIN"
TAKE = (
    text("INSERT INTO road_node SELECT * FROM road_node_in"),
    text("INSERT INTO road_edge SELECT * FROM road_edge_in"),
)


@dataclass(frozen=True, slots=True)
class Drive:
    """A way by road: seconds on the graph, and the metres to and from it."""

    seconds: float
    access_m: float


def graph(session: Session) -> RoadGraph | None:
    """Give which graph was brought in, if any."""
    return session.scalars(select(RoadGraph).limit(1)).first()


def routes(session: Session) -> bool:
    """Tell whether the database can find ways: it has pgRouting."""
    return bool(session.scalar(ROUTES))


def drives(
    session: Session,
    starts: Mapping[UUID, Point],
    goal: Point,
    *,
    closed: BaseGeometry | None = None,
) -> dict[UUID, Drive]:
    """Give the quickest way of each to a place; who is far from any road, or cut off, has none.

    `closed` are places that nobody passes: roads that touch them are left out.
    """
    here = UUID(int=0)
    asked = {**starts, here: goal}
    rows = session.execute(
        SECONDS,
        {
            "ids": list(asked),
            "lons": [place.x for place in asked.values()],
            "lats": [place.y for place in asked.values()],
            "goal": here,
            "most": MOST_ACCESS_M,
            "margin": MARGIN_DEG,
            "closed": closed and as_text(closed),
        },
    )
    return {row.id: Drive(float(row.seconds), float(row.access_m)) for row in rows}


def cut_off(
    session: Session, places: Mapping[str, Point], *, closed: BaseGeometry
) -> dict[str, bool]:
    """Tell which places lose every way there or back to the largest part of the graph.

    A place that had none before, or that lies far from any road, is not answered about.
    """
    rows = session.execute(
        CUT_OFF,
        {
            "ids": list(places),
            "lons": [place.x for place in places.values()],
            "lats": [place.y for place in places.values()],
            "closed": as_text(closed),
            "box": MOST_ACCESS_M / METRES_A_DEGREE,
        },
    )
    return {row.id: bool(row.cut_off) for row in rows}


def snapped(session: Session, spots: Mapping[str, Point]) -> dict[str, Point]:
    """Give the nearest place of the graph for each spot; what is too far from any road has none."""
    lons, lats = [spot.x for spot in spots.values()], [spot.y for spot in spots.values()]
    asked = {"ids": list(spots), "lons": lons, "lats": lats, "most": MOST_OFF_M}
    return {row.id: Point(row.lon, row.lat) for row in session.execute(SNAPPED, asked)}


def as_text(shape: BaseGeometry) -> str:
    """Give a shape as the functions of the graph take it."""
    told: str = to_wkb(set_srid(shape, WGS84), hex=True, include_srid=True)
    return told


def detours(session: Session, *, goals: int, starts: int, least_m: float) -> list[float]:
    """Give how much longer ways are than straight lines, for places picked by their hash."""
    asked = {"goals": goals, "starts": starts, "least": least_m}
    return [float(row.detour) for row in session.execute(DETOURS, asked)]


def replace(
    session: Session,
    held: RoadGraph,
    nodes: Iterable[tuple[Any, ...]],
    edges: Iterable[tuple[Any, ...]],
) -> None:
    """Let this be the graph, instead of any before."""
    for table in (RoadEdge, RoadNode, RoadGraph):
        session.execute(delete(table))
    with driver(session).cursor() as cursor:
        for make in STAGE:
            cursor.execute(make)
        for statement, rows in ((NODES, nodes), (EDGES, edges)):
            with cursor.copy(statement) as copy:
                for row in rows:
                    copy.write_row(row)
    for take in TAKE:
        session.execute(take)
    session.add(held)
    session.flush()  # after the rows it speaks of
