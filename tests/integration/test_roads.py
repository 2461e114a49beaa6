"""The road graph: brought in from a file, and how long from where crews are to a place."""

import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from shapely import Point
from sqlalchemy import create_engine, text
from typer.testing import CliRunner

from gis import exchange
from gis.errors import Rejected
from gis.roads import repository, service
from gis.roads.service import Terms
from gis.store.engine import unit_of_work
from gis.store.scope import RESIDENT, SYSTEM
from rescue_app.cli import build
from rescue_app.proposals import crews

NOW = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
SPEEDS = {"primary": 36.0, "default": 18.0}
# A square of streets: the south is quick, the north is slow, the east goes north only.
WEST, EAST, SOUTH, NORTH = 108.35, 108.37, 30.80, 30.81
ROADS = (
    ([(WEST, SOUTH), (EAST, SOUTH)], "primary", "no"),
    ([(WEST, SOUTH), (WEST, NORTH)], "residential", "no"),
    ([(WEST, NORTH), (EAST, NORTH)], "residential", "no"),
    ([(EAST, SOUTH), (EAST, NORTH)], "primary", "yes"),
)


@pytest.fixture
def roads(tmp_path):
    """`roads(lines)` writes them as GeoJSON and gives the file."""

    def write(lines=ROADS):
        features = [
            {"type": "Feature", "properties": {"highway": kind, "oneway": way},
             "geometry": {"type": "LineString", "coordinates": line}}
            for line, kind, way in lines
        ]  # fmt: skip
        place = tmp_path / "roads.geojson"
        place.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        return place

    return write


@pytest.fixture
def graph(sessions, roads):
    def bring(lines=ROADS, *, apply=True):
        terms = Terms("test", SPEEDS, kind="highway", oneway="oneway")
        table = exchange.read(roads(lines), crs="EPSG:4326")
        with unit_of_work(sessions, SYSTEM) as session:
            return service.bring_in(session, table, terms, now=NOW, apply=apply)

    return bring


@pytest.fixture
def minutes(sessions):
    """`minutes((108.35, 30.80), to=…)` gives how long the ways take."""

    def ask(*starts, to, closed=None):
        keys = {uuid4(): Point(place) for place in starts}
        with unit_of_work(sessions, SYSTEM) as session:
            found = repository.drives(session, keys, Point(to), closed=closed)
        return [round(found[key].seconds / 60, 1) if key in found else None for key in keys]

    return ask


def test_a_file_of_lines_becomes_the_graph_and_twice_changes_nothing(sessions, graph):
    dry = graph(apply=False)
    assert (dry.nodes, dry.edges, dry.same) == (4, 4, False)
    with unit_of_work(sessions, SYSTEM) as session:
        assert repository.graph(session) is None
    graph()
    assert graph().same
    with unit_of_work(sessions, SYSTEM) as session:
        held = repository.graph(session)
    assert (held.source, held.nodes, held.edges, round(held.km, 1)) == ("test", 4, 4, 6.0)
    assert graph(ROADS[:2]).edges == 2
    with unit_of_work(sessions, RESIDENT) as session:
        assert repository.graph(session).edges == 2


def test_the_quickest_way_is_taken_by_speed_and_the_way_one_may_drive(graph, minutes):
    graph()
    to_north_east = minutes((WEST, SOUTH), (WEST, NORTH), (EAST, NORTH), to=(EAST, NORTH))
    # 1.9 km at 36 km/h and 1.1 km at 36; the slow north side is 1.9 km at 18.
    assert to_north_east == [5.0, 6.4, 0.0]
    # Back from the north-east nobody may drive south: around by the north and the west.
    assert minutes((EAST, NORTH), to=(EAST, SOUTH)) == [13.3]


def test_a_closed_place_is_driven_around_and_who_is_cut_off_has_no_way(graph, minutes):
    graph()
    bridge = Point((WEST + EAST) / 2, SOUTH)
    assert minutes((WEST, SOUTH), to=(EAST, NORTH), closed=bridge) == [10.1]
    both = Point(EAST, SOUTH).buffer(0.001)
    assert minutes((EAST, SOUTH), to=(WEST, SOUTH), closed=both) == [None]


def test_far_from_any_road_there_is_no_way_by_road(graph, minutes):
    graph()
    assert minutes((WEST, SOUTH), (WEST - 0.1, SOUTH), to=(EAST, SOUTH)) == [3.2, None]
    assert minutes((WEST, SOUTH), to=(EAST + 0.1, SOUTH)) == [None]


def test_without_pgrouting_ways_stay_straight_lines(database, sessions, graph):
    graph()
    server = create_engine(database.owner, isolation_level="AUTOCOMMIT")
    with server.connect() as owner, unit_of_work(sessions, SYSTEM) as session:
        assert crews.graph(session).source == "test"
        owner.execute(text("DROP EXTENSION pgrouting"))
        try:
            assert not repository.routes(session)
            assert crews.graph(session) is None
        finally:
            owner.execute(text("CREATE EXTENSION pgrouting"))
    server.dispose()


def test_what_is_no_road_is_told_with_its_place(sessions, tmp_path):
    place = tmp_path / "points.geojson"
    point = {"type": "Feature", "properties": {}, "geometry": {"type": "Point",
             "coordinates": [WEST, SOUTH]}}  # fmt: skip
    place.write_text(json.dumps({"type": "FeatureCollection", "features": [point]}))
    table = exchange.read(place, crs="EPSG:4326")
    with unit_of_work(sessions, SYSTEM) as session, pytest.raises(Rejected):
        service.bring_in(session, table, Terms("test", SPEEDS), now=NOW, apply=True)


def test_edges_with_their_nodes_beside_them_come_in_by_the_command(
    database, sessions, tmp_path, monkeypatch
):
    nodes, edges = tmp_path / "nodes.csv", tmp_path / "edges.csv"
    nodes.write_text(f"id,lon,lat\na,{WEST},{SOUTH}\nb,{EAST},{SOUTH}\n")
    edges.write_text("from,to,metres\na,b,2500\na,z,10\n")
    monkeypatch.setenv("DATABASE_URL", database.owner)
    monkeypatch.setenv("YITONG_APP_DATABASE_URL", database.app)
    words = ["roads", "import", str(edges), "--nodes", str(nodes), "--length-column", "metres"]
    said = CliRunner().invoke(build("roads"), [*words, "--apply"])
    assert said.exit_code == 0, said.output
    assert "2 nodes, 1 edges, 2 km, 1 refused" in said.output
    assert "no node z" in said.output or "节点 z" in said.output
    said = CliRunner().invoke(build("roads"), ["roads", "measure", "--least-m", "100"])
    assert "half are longer than 1.31" in said.output
