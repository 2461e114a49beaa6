"""The ledger as it was, and what lies inside a drawn shape: one question for list, map, file."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from gis.authority import Role
from gis.store.engine import unit_of_work
from gis.store.scope import Scope
from tests.tiles import layers, tile_at
from tests.world import IN_GAOSUNTANG, IN_SHUANGJIANG, IN_TAIBAI, WANZHOU, YUNYANG

EAST = {"longitude": IN_SHUANGJIANG.x, "latitude": IN_SHUANGJIANG.y}


@pytest.fixture
def life(desk, enter, change, delist):
    """A point's states, each with the moment it was true: entered, moved and regraded, gone."""
    before = datetime.now(UTC)
    point = enter(desk, name="老滑坡", threatened_persons=120, owner_name="李四")
    other = enter(desk, name="新点", threatened_persons=3)
    moments = {"before": before, "entered": datetime.now(UTC)}
    address = f"/api/v1/points/{point['id']}"
    change(desk, address, version=1, threatened_persons=5000, owner_name="王五", **EAST)
    moments["moved"] = datetime.now(UTC)
    delist(desk, address, version=2)
    return point["id"], other["id"], {k: m.isoformat() for k, m in moments.items()}


def listed(client, **asked):
    answer = client.get("/api/v1/points", params=asked)
    assert answer.status_code == 200, answer.text
    return {item["id"]: item for item in answer.json()["items"]}


def test_list_map_and_file_show_the_state_of_the_moment(desk, life):
    point, other, at = life
    assert listed(desk, as_of=at["before"]) == {}
    entered, moved = listed(desk, as_of=at["entered"]), listed(desk, as_of=at["moved"])
    assert entered.keys() == moved.keys() == {point, other}
    pages = [listed(desk, as_of=at["moved"], sort="name", size=1, page=n) for n in (1, 2, 3)]
    assert [len(page) for page in pages] == [1, 1, 0]
    assert pages[0].keys() | pages[1].keys() == {point, other}
    assert (entered[point]["grade"], moved[point]["grade"]) == ("III", "I")
    assert entered[point]["area_path"].startswith(WANZHOU)
    assert moved[point]["area_path"].startswith(YUNYANG)
    assert listed(desk).keys() == {other}

    def on_map(z, moment):
        address = "/api/v1/tiles/points/{}/{}/{}.mvt".format(*tile_at(*EAST.values(), z))
        return layers(desk.get(address, params={"as_of": moment}).content)

    assert on_map(14, at["entered"]) == {}
    assert [f.properties["grade"] for f in on_map(14, at["moved"])["points"]] == ["I"]
    assert on_map(10, at["moved"])["counts"][0].properties["persons"] == 5000
    collection = desk.get("/api/v1/points.geojson", params={"as_of": at["moved"]}).json()
    assert {f["id"] for f in collection["features"]} == {point, other}
    exported = desk.get("/api/v1/points/export", params={"as_of": at["moved"], "grade": "I"})
    assert "老滑坡" in exported.text
    page = desk.get("/points", params={"as_of": at["moved"]}, headers={"accept": "text/html"})
    assert "老滑坡" in page.text


def test_every_filter_holds_for_the_moment_and_not_for_today(desk, life):
    point, _, at = life
    then = {"as_of": at["moved"]}
    assert point in listed(desk, area=YUNYANG, **then)
    assert point not in listed(desk, area=WANZHOU, **then)
    assert point in listed(desk, owner="王五", grade="I", bbox="108.85,30.9,109,31", **then)
    assert listed(desk, owner="李四", **then) == {}
    assert point in listed(desk, owner="李四", area="500101", as_of=at["entered"])


def test_a_day_means_its_end_in_the_city(desk, life):
    point, other, _ = life
    today = datetime.now(UTC).astimezone()
    assert listed(desk, as_of=(today + timedelta(days=1)).date().isoformat()).keys() == {other}
    assert listed(desk, as_of=(today - timedelta(days=2)).date().isoformat()) == {}
    every_state = {"state": ["approved", "delisted"]}
    assert point in listed(desk, as_of="2999-01-01", **every_state)


def test_the_past_shows_a_district_only_what_lay_in_it(desk, life, sign_in):
    point, _, at = life
    sign_in(desk, Role.PLANNER, YUNYANG)
    assert listed(desk, as_of=at["entered"]) == {}
    assert listed(desk, as_of=at["moved"]).keys() == {point}


@pytest.mark.parametrize(
    "asked",
    [
        {"as_of": "gestern"},
        {"as_of": "2026-02-30"},
        {"as_of": "9999-12-31"},
        {"polygon": "POLYGON((0 0"},
        {"polygon": '{"type":"Polygon"}'},
        {"polygon": "POINT(108 30)"},
        {"polygon": "LINESTRING(108 30, 109 31)"},
        {"polygon": "POLYGON((500 0, 501 0, 501 1, 500 0))"},
        {"polygon": "POINT(108 30)", "buffer_m": "0"},
        {"polygon": "POINT(108 30)", "buffer_m": "nan"},
        {"area": "999999"},
    ],
)
@pytest.mark.parametrize("address", ["points", "points/summary", "tiles/points/8/205/105.mvt"])
def test_a_question_that_makes_no_sense_is_refused_in_a_sentence(desk, asked, address):
    answer = desk.get(f"/api/v1/{address}", params=asked)
    assert answer.status_code == 422
    assert len(answer.json()["detail"]) > 10


def ring(place, half):
    x, y = place.x, place.y
    corners = [
        (x - half, y - half),
        (x + half, y - half),
        (x + half, y + half),
        (x - half, y + half),
    ]
    return {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}


def test_a_drawn_shape_means_what_lies_in_it_and_the_summary_adds_it_up(desk, enter):
    figures = {"threatened_households": 30, "threatened_property_10k_yuan": 250.5}
    near = enter(desk, threatened_persons=120, threatened_frail=12, **figures)
    # In the shape's box and not in the shape.
    corner = {"longitude": IN_GAOSUNTANG.x + 0.019, "latitude": IN_GAOSUNTANG.y + 0.019}
    enter(desk, category="critical", threatened_persons=7, **corner)
    enter(desk, threatened_persons=1000, **EAST)
    x, y = IN_GAOSUNTANG.x, IN_GAOSUNTANG.y
    diamond = (
        f"POLYGON(({x - 0.02} {y}, {x} {y - 0.02}, {x + 0.02} {y}, {x} {y + 0.02}, {x - 0.02} {y}))"
    )
    square = json.dumps(ring(IN_GAOSUNTANG, 0.02))
    assert listed(desk, polygon=diamond).keys() == {near["id"]}
    assert len(listed(desk, polygon=square)) == 2
    assert len(listed(desk, polygon=f"POINT({x} {y})", buffer_m=2500)) == 1
    road = f"LINESTRING({x} {y}, {IN_TAIBAI.x} {y})"
    assert len(listed(desk, polygon=road, buffer_m=2500)) == 2
    assert len(listed(desk, polygon=road, buffer_m=100)) == 1
    assert len(listed(desk, area=[WANZHOU, YUNYANG])) == 3
    said = desk.get("/api/v1/points/summary", params={"polygon": square}).json()
    assert said == {
        "total": 2,
        "persons": 127,
        "frail": 12,
        "households": 30,
        "property_10k_yuan": 250.5,
        "grades": {"I": 0, "II": 0, "III": 1, "IV": 1},
        "categories": {"occurrence": 0, "hidden_danger": 1, "prevention": 0, "critical": 1},
    }


def test_nothing_inside_is_a_summary_of_noughts_also_for_another_district(desk, enter, sign_in):
    enter(desk)
    sign_in(desk, Role.PLANNER, YUNYANG)
    said = desk.get("/api/v1/points/summary").json()
    assert (said["total"], said["persons"], set(said["grades"].values())) == (0, 0, {0})


PLAN = """
EXPLAIN SELECT count(*) FROM hazard_point_version
WHERE replaced_at > now() - interval '1 day' AND changed_at <= now() - interval '1 day'
"""


def test_the_index_finds_a_moment_s_states_under_row_level_security(desk, sessions):
    with unit_of_work(sessions, Scope(WANZHOU, Role.PLANNER)) as session:
        # A bitmap is made by a condition alone, and of these only one index has any.
        for way in ("seqscan", "indexscan", "indexonlyscan"):
            session.execute(text(f"SET LOCAL enable_{way} = off"))
        plan = "\n".join(session.scalars(text(PLAN)))
    assert "Index Cond: ((replaced_at >" in plan, plan


FAR = """
EXPLAIN SELECT id FROM hazard_point WHERE state = 'approved' AND area_path >= '/500000/'
ORDER BY name, id LIMIT 50 OFFSET 100000
"""


def test_far_pages_of_an_order_are_found_in_its_index_alone(desk, sessions):
    with unit_of_work(sessions, Scope(WANZHOU, Role.PLANNER)) as session:
        session.execute(text("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off"))
        plan = "\n".join(session.scalars(text(FAR)))
    assert "Index Only Scan using ix_hazard_point_by_name" in plan, plan
