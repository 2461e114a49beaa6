"""The map's tiles: sums that agree with the ledger, one reader's scope, nothing sent twice."""

from datetime import date

import pytest
from shapely import MultiPolygon
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import Range

from gis.areas.models import Area
from gis.areas.rules import AreaLevel
from gis.authority import Role
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from gis.tiles import Tile
from rescue_app.http.dependencies import COOKIE
from tests.tiles import layers, tile_at
from tests.world import GAOSUNTANG, IN_GAOSUNTANG, IN_SHUANGJIANG, IN_TAIBAI, WANZHOU, YUNYANG

PLACES = (IN_GAOSUNTANG, IN_TAIBAI, IN_SHUANGJIANG)
NEAR = 14


@pytest.fixture
def ledger(desk, enter):
    for number, people in enumerate((1200, 600, 120, 10, 10)):
        for place in PLACES:
            where = {"longitude": place.x + number / 500, "latitude": place.y - number / 700}
            enter(desk, name=f"点 {number}", threatened_persons=people, **where)
    return desk


def points(client, z, x, y, **asked):
    answer = client.get(f"/api/v1/tiles/points/{z}/{x}/{y}.mvt", params=asked)
    assert answer.status_code == 200, answer.text
    return layers(answer.content)


def all_tiles(z):
    """Every tile of a zoom that touches the test's small city."""
    _, west, north = tile_at(108.0, 31.5, z)
    _, east, south = tile_at(109.4, 30.3, z)
    return [(z, x, y) for x in range(west, east + 1) for y in range(north, south + 1)]


@pytest.mark.parametrize("z", range(5, 11))
def test_the_counts_of_every_zoom_add_up_to_the_ledger(ledger, z):
    counted = [f.properties for t in all_tiles(z) for f in points(ledger, *t).get("counts", [])]
    assert sum(cell["count"] for cell in counted) == 15
    assert sum(cell["worst_count"] for cell in counted if cell["worst"] == "I") == 3


def test_from_near_every_point_is_drawn_once(ledger):
    drawn = [f for t in all_tiles(11) for f in points(ledger, *t).get("points", [])]
    assert len({f.properties["id"] for f in drawn}) == len(drawn) == 15
    assert set(drawn[0].properties) == {"id", "category", "type", "grade"}


def test_a_point_is_drawn_where_it_lies(ledger):
    z, x, y = tile_at(IN_TAIBAI.x, IN_TAIBAI.y, NEAR)
    west, south, east, north = Tile(z, x, y).bounds
    worst = next(f for f in points(ledger, z, x, y)["points"] if f.properties["grade"] == "I")
    assert worst.x == pytest.approx((IN_TAIBAI.x - west) / (east - west) * 4096, abs=1)
    assert worst.y == pytest.approx((north - IN_TAIBAI.y) / (north - south) * 4096, abs=2)


def test_the_map_shows_the_set_that_the_list_lists(ledger):
    asked = {"grade": ["II", "III"], "area": WANZHOU}
    listed = ledger.get("/api/v1/points", params=asked).json()["items"]
    drawn = [f for t in all_tiles(12) for f in points(ledger, *t, **asked).get("points", [])]
    assert {f.properties["id"] for f in drawn} == {item["id"] for item in listed}
    assert len(drawn) == 4


def test_a_tile_holds_only_what_its_reader_may_see(ledger, sign_in):
    sign_in(ledger, Role.PLANNER, WANZHOU)
    counted = [f for t in all_tiles(8) for f in points(ledger, *t).get("counts", [])]
    assert sum(f.properties["count"] for f in counted) == 10


def test_an_unchanged_tile_is_not_sent_again(ledger, enter):
    address = "/api/v1/tiles/points/{}/{}/{}.mvt".format(*tile_at(108.4, 30.8, 8))
    first = ledger.get(address)
    again = ledger.get(address, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    enter(ledger, name="新点")
    assert ledger.get(address, headers={"if-none-match": first.headers["etag"]}).status_code == 200


def test_another_reader_s_copy_is_never_called_unchanged(ledger, sign_in):
    address = "/api/v1/tiles/points/{}/{}/{}.mvt".format(*tile_at(108.4, 30.8, 8))
    first = ledger.get(address)
    sign_in(ledger, Role.PLANNER, WANZHOU)
    assert ledger.get(address, headers={"if-none-match": first.headers["etag"]}).status_code == 200


@pytest.mark.parametrize("address", ["3/8/0", "3/0/-1", "23/0/0", "-1/0/0", "a/0/0"])
@pytest.mark.parametrize("layer", ["points", "areas"])
def test_a_square_that_is_not_on_the_map_is_refused(desk, layer, address):
    assert 400 <= desk.get(f"/api/v1/tiles/{layer}/{address}.mvt").status_code < 500


def test_nobody_gets_tiles_without_signing_in(client, world):
    assert client.get("/api/v1/tiles/areas/4/12/6.mvt").status_code == 401


def test_areas_come_with_zoom_and_carry_both_names(desk):
    def drawn(z, layer):
        found = layers(
            desk.get("/api/v1/tiles/areas/{}/{}/{}.mvt".format(*tile_at(108.4, 30.8, z))).content
        )
        return {f.properties["level"] for f in found.get(layer, [])}, found

    assert drawn(3, "areas")[0] == {"city"}
    assert drawn(7, "areas")[0] == {"city", "district"}
    levels, found = drawn(10, "areas")
    assert levels == {"city", "district", "street"}
    names = {(f.properties["name"], f.properties["name_en"]) for f in found["labels"]}
    assert ("高笋塘街道", "Gaosuntang") in names


def test_communities_and_grids_are_drawn_once_somebody_loaded_them(desk, sessions):
    with unit_of_work(sessions, SYSTEM) as session:
        for code, level in (
            ("500101001001", AreaLevel.COMMUNITY),
            ("500101001001001", AreaLevel.GRID),
        ):
            session.add(
                Area(
                    code=code,
                    code_system="test",
                    level=level,
                    name="白岩路社区",
                    name_en="Baiyanlu",
                    path=f"{GAOSUNTANG}{code}/",
                    validity=Range(date(2000, 1, 1), None),
                    boundary=MultiPolygon([IN_GAOSUNTANG.buffer(0.02)]),
                    boundary_kind="surveyed",
                    centre=IN_GAOSUNTANG,
                    source="test",
                )
            )
    found = {}
    for z in (11, 12, 14):
        place = tile_at(IN_GAOSUNTANG.x, IN_GAOSUNTANG.y, z)
        address = "/api/v1/tiles/areas/{}/{}/{}.mvt".format(*place)
        drawn = layers(desk.get(address).content)
        found[z] = {f.properties["level"] for f in drawn["areas"] + drawn["labels"]}
    assert not {"community", "grid"} & found[11]
    assert "community" in found[12]
    assert "grid" not in found[12]
    assert {"community", "grid"} <= found[14]


def test_areas_are_those_of_the_day_asked_for(desk):
    z, x, y = tile_at(108.4, 30.8, 7)
    before = desk.get(f"/api/v1/tiles/areas/{z}/{x}/{y}.mvt", params={"on": "1990-01-01"})
    assert before.content == b""


PLAN = """
EXPLAIN SELECT count(*) FROM hazard_point
WHERE place && ST_MakeEnvelope(108, 30, 108.5, 31, 4326)
"""


def test_the_index_finds_a_tile_s_points_under_row_level_security(ledger, sessions):
    with unit_of_work(sessions, Scope(WANZHOU, Role.PLANNER)) as session:
        # So few rows are scanned anyway; the question is whether the policy lets the index work.
        for way in ("seqscan", "indexscan", "indexonlyscan"):  # a bitmap is made by a condition
            session.execute(text(f"SET LOCAL enable_{way} = off"))
        plan = "\n".join(session.scalars(text(PLAN)))
    assert "Index Cond: (place &&" in plan, plan


def test_a_token_nobody_carries_sees_nothing_after_one_who_sees_all(ledger):
    z, x, y = tile_at(108.4, 30.8, 8)
    assert points(ledger, z, x, y)["counts"]
    ledger.cookies.set(COOKIE, "made-up")
    answer = ledger.get(f"/api/v1/tiles/points/{z}/{x}/{y}.mvt")
    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_needed")


@pytest.mark.parametrize("z", [10, NEAR])
def test_what_is_drawn_before_its_reader_is_known_is_drawn_through_his_eyes(ledger, sign_in, z):
    """The first to ask gets who he is and the tile in one trip; so does a reader of elsewhere."""
    known, tile = ledger.cookies[COOKIE], tile_at(IN_TAIBAI.x, IN_TAIBAI.y, z)
    address = "/api/v1/tiles/points/{}/{}/{}.mvt".format(*tile)
    for number, token in enumerate((known, "nobody-carries-this")):
        ledger.cookies.set(COOKIE, token)
        answer = ledger.get(f"{address}?sort=name&page={number + 1}")
        assert (answer.status_code == 200) == (token == known)
    sign_in(ledger, Role.PLANNER, YUNYANG)
    assert points(ledger, *tile, page=3) == {}
    ledger.cookies.set(COOKIE, known)
    assert points(ledger, *tile, page=3) != {}


def test_the_figures_name_a_tile_by_its_route(ledger):
    points(ledger, 5, 25, 13)
    named = 'route="/api/v1/tiles/points/{z:int}/{x:int}/{y:int}.mvt",status="200"'
    assert named in ledger.get("/metrics").text
