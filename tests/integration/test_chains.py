"""Chains over ledger, registry and roads: who is reached, who is cut off, who is told."""

import json
from datetime import UTC, datetime

import pytest
from shapely import LineString, MultiLineString, box
from sqlalchemy import delete

from gis import exchange
from gis.roads import service as roads
from gis.roads.service import Terms
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from gis.water import Water
from tests.ledger import entered
from tests.patrols import make_asset

pytestmark = pytest.mark.usefixtures("world")
NOW = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
Y = 30.80
# The road from the seat of the district (108.40) to Taibai (108.45), under a slope.
ROAD = LineString([(108.42, Y), (108.448, Y)])
SLOPE = {"name": "沿江滑坡", "longitude": 108.44, "latitude": Y + 0.0005, "threatened_persons": 30}


@pytest.fixture
def ground(street, sessions):
    """A slope over the road to Taibai; signed in as the planner of Wanzhou."""
    make_asset(street.sign_in("wanzhou"), type="road_section", name="沿江路", at=ROAD)
    street.point = entered(sessions, **SLOPE)
    street.sign_in("planner")
    return street


def asked(street, **question):
    answer = street.client.get("/api/v1/chains/follow", params=question)
    assert answer.status_code == 200, answer.text
    return answer.json()


def brief(chain):
    return [(one["link"], one["name"]) for one in chain["steps"]]


def test_a_slope_cuts_the_road_and_without_a_graph_a_straight_line_says_who_may_be_cut_off(ground):
    chain = asked(ground, point=str(ground.point))
    assert brief(chain) == [("slope>road", "沿江路"), ("road>cut_off", "太白街道")]
    first, second = chain["steps"]
    assert first["why"]["zh"] == "沿江滑坡距沿江路 55 米，不超过 150 米。"
    assert "这里没有路网，按直线估计" in second["why"]["zh"]
    assert (chain["graph"], second["by_road"], second["people"]) == ("", None, 1000)
    assert chain["sums"] | {"threatened": 30, "residents": 1000, "cut_off": 0} == chain["sums"]


def test_who_must_be_told_is_named_for_each_step_and_where_nobody_is_it_says_so(ground):
    told = asked(ground, point=str(ground.point))["told"]
    assert sorted(number for one in told for number in one["steps"]) == [1, 2]
    assert {one["why"] for one in told} == {"nobody_named"}
    assert all(one["unit"] for one in told)
    ground.sign_in("yunyang")
    missing = ground.client.get("/api/v1/chains/follow", params={"point": str(ground.point)})
    assert missing.status_code == 404


def test_a_drawn_area_begins_at_its_points_or_at_rain_and_too_little_rain_sets_nothing_off(ground):
    drawn = {"polygon": box(108.43, Y - 0.01, 108.445, Y + 0.01).wkt}
    assert brief(asked(ground, **drawn))[0] == ("slope>road", "沿江路")
    rain = asked(ground, **drawn, mm=50, hours=3)
    assert brief(rain)[0] == ("rain>slope", "沿江滑坡")
    assert "达到假定阈值 50 mm / 3 h" in rain["steps"][0]["why"]["zh"]
    assert asked(ground, **drawn, mm=20, hours=3)["steps"] == []
    half = ground.client.get("/api/v1/chains/follow", params=drawn | {"mm": 20})
    assert half.status_code == 422


def test_a_slope_into_the_river_lists_both_sides_within_reach_and_says_why_both(ground, sessions):
    river = MultiLineString([[(108.40, Y + 0.002), (108.46, Y + 0.002)]])
    with unit_of_work(sessions, SYSTEM) as session:
        session.add(Water(id=new_id(), name="长江", name_en="Yangtze", shape=river, source="test"))
    chain = asked(ground, point=str(ground.point))
    assert ("slope>lake", "长江") in brief(chain)
    flooded = next(one for one in chain["steps"] if one["link"] == "lake>flooded")
    assert flooded["name"] == "太白街道"
    assert "资料不含流向" in flooded["why"]["zh"]
    assert flooded["side"] == ""


def test_where_it_is_known_which_way_the_river_runs_both_sides_are_told_apart(ground, sessions):
    river = LineString([(108.40, Y + 0.002), (108.46, Y + 0.002)])
    across = LineString([(108.452, Y + 0.001), (108.452, Y + 0.003)])
    make_asset(ground.sign_in("wanzhou"), type="bridge", name="大桥", at=across)
    ground.sign_in("planner")
    said = {}
    for name, course in (("down", river), ("up", river.reverse())):
        with unit_of_work(sessions, SYSTEM) as session:
            session.execute(delete(Water))
            session.add(
                Water(name="长江", name_en="Yangtze", shape=course, source="t", flow="drawn")
            )
        chain = asked(ground, point=str(ground.point))
        said[name] = {one["link"]: one for one in chain["steps"]}
    below, above = (said[name]["lake>flooded"] for name in ("down", "up"))
    assert (below["side"], below["relation"]["zh"]) == ("down", "溃决洪水冲向下游")
    assert "在堵点下游（假定河流数据按流向绘制）" in below["why"]["zh"]
    assert (above["side"], above["relation"]["zh"]) == ("up", "上游回水淹没")
    # What bursts runs down: a bridge above is not scoured.
    assert "lake>bridge" in said["down"]
    assert "lake>bridge" not in said["up"]


# A ring from the seat (108.40) to Gaosuntang (108.35), and a single road on to Taibai (108.45).
GRAPH = (
    [(108.35, Y), (108.375, Y), (108.40, Y)],
    [(108.35, Y), (108.35, Y + 0.03), (108.40, Y + 0.03), (108.40, Y)],
    [(108.40, Y), (108.40, Y - 0.01), (108.41, Y - 0.01)],
    [(108.40, Y), (108.42, Y), (108.43, Y), (108.45, Y)],
)


@pytest.fixture
def graph(sessions, tmp_path):
    features = [
        {"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": c}}
        for c in GRAPH
    ]
    file = tmp_path / "roads.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    table = exchange.read(file, crs="EPSG:4326")
    with unit_of_work(sessions, SYSTEM) as session:
        terms = Terms("little", {"default": 36.0})
        roads.bring_in(session, table, terms, now=NOW, apply=True)


@pytest.mark.usefixtures("graph")
def test_on_the_road_graph_who_loses_every_way_is_named(ground):
    chain = asked(ground, point=str(ground.point))
    assert chain["graph"] == "little"
    assert brief(chain) == [("slope>road", "沿江路"), ("road>cut_off", "太白街道")]
    cut = chain["steps"][1]
    assert cut["by_road"]["cut_off"]
    assert "再没有通往外界的路" in cut["why"]["zh"]
    assert chain["sums"]["cut_off"] == 1


@pytest.mark.usefixtures("graph")
def test_who_has_another_way_drives_around_and_by_how_much(ground, sessions):
    make_asset(ground.sign_in("wanzhou"), type="road_section", name="城西路",
               at=LineString([(108.36, Y), (108.39, Y)]))  # fmt: skip
    point = entered(sessions, **SLOPE | {"name": "城西滑坡", "longitude": 108.37})
    ground.sign_in("planner")
    chain = asked(ground, point=str(point))
    assert brief(chain) == [("slope>road", "城西路"), ("road>cut_off", "高笋塘街道")]
    road = chain["steps"][1]["by_road"]
    # 4.8 km straight at 36 km/h; around by the north it is 6.7 km more.
    assert (road["cut_off"], round(road["before_min"]), round(road["after_min"])) == (False, 8, 19)
    assert "车程由 8 分钟增至 19 分钟" in chain["steps"][1]["why"]["zh"]


@pytest.mark.usefixtures("graph")
def test_a_cut_that_lies_on_no_road_of_the_graph_is_said_and_a_straight_line_stands_for_it(
    ground, sessions
):
    mountain = LineString([(108.44, Y + 0.008), (108.45, Y + 0.008)])
    make_asset(ground.sign_in("wanzhou"), type="road_section", name="山路", at=mountain)
    point = entered(sessions, **SLOPE | {"name": "山上滑坡", "latitude": Y + 0.0085})
    ground.sign_in("planner")
    chain = asked(ground, point=str(point))
    assert brief(chain) == [("slope>road", "山路"), ("road>cut_off", "太白街道")]
    assert "这里没有路网" in chain["steps"][1]["why"]["zh"]
    assert chain["off_graph"] == ["山路"]


def test_a_kept_chain_stays_as_it_was_and_the_same_id_is_the_same_chain(ground, sessions):
    body = {"id": str(new_id()), "question": {"point": str(ground.point)}}
    kept = ground.client.post("/api/v1/chains", json=body)
    assert kept.status_code == 201, kept.text
    entered(sessions, **SLOPE | {"name": "新滑坡"})
    make_asset(ground.sign_in("wanzhou"), type="road_section", name="新路", at=ROAD)
    ground.sign_in("planner")
    again = ground.client.post("/api/v1/chains", json=body).json()
    read = ground.client.get(f"/api/v1/chains/{body['id']}").json()
    assert again == read == kept.json()
    assert (read["edition"], read["made_by_name"]) == (1, "万规划")
    ground.sign_in("yunyang")
    assert ground.client.get(f"/api/v1/chains/{body['id']}").status_code == 404
