"""While a point is entered, whoever enters it sees what it may be the same as."""

from uuid import uuid4

import pytest
from pyproj import Geod

from gis.authority import Role
from hazards.points.likeness import is_like_name
from tests.ledger import entered, said
from tests.world import GAOSUNTANG, IN_GAOSUNTANG, TAIBAI, WANZHOU, YUNYANG

PAGE = {"accept": "text/html"}
HERE = {"longitude": IN_GAOSUNTANG.x, "latitude": IN_GAOSUNTANG.y}
STEP = 0.0005
"""About 48 m to the east."""


def aside(steps: float) -> dict[str, float]:
    return HERE | {"longitude": IN_GAOSUNTANG.x + steps * STEP}


@pytest.fixture
def near(desk):
    """`near(hazard_type=…)` asks around the place; gives names and the whole answer."""

    def ask(**more: object):
        told = desk.get("/api/v1/points/near", params=HERE | more).json()
        return [item["name"] for item in told["items"]], told

    return ask


def test_like_points_come_nearest_first_with_true_metres(desk, near, sessions, delist):
    far = entered(sessions, name="远处滑坡", **aside(8))
    gone = entered(sessions, name="老滑坡", **aside(2))
    delist(desk, f"/api/v1/points/{gone}", version=1)
    entered(sessions, name="大石坡 1 号", hazard_type="collapse", **aside(1))
    entered(sessions, name="河沟", hazard_type="flash_flood", **aside(0.5))
    entered(sessions, name="枇杷坪滑坡", **aside(3))

    assert near()[0] == ["河沟", "大石坡 1 号", "老滑坡", "枇杷坪滑坡"]
    names, told = near(hazard_type="landslide", name="大石坡滑坡")
    assert names == ["大石坡 1 号", "老滑坡", "枇杷坪滑坡"]
    assert [item["state"] for item in told["items"]] == ["approved", "delisted", "approved"]
    assert (told["radius_m"], told["total"]) == (200, 3)
    true = Geod(ellps="WGS84").inv(*HERE.values(), *aside(3).values())[2]
    assert told["items"][2]["distance_m"] == pytest.approx(true, abs=0.1)
    assert near(hazard_type="landslide", id=str(gone))[0] == ["枇杷坪滑坡"]

    desk.app.state.settings.duplicate_radius_m = 500
    assert near(hazard_type="landslide")[1]["items"][-1]["id"] == str(far)


def test_only_the_nearest_are_shown_and_all_are_counted(near, sessions):
    for number in range(7):
        entered(sessions, name=f"石坎 {number} 号", **aside(number / 4))
    names, told = near(hazard_type="landslide")
    assert names == [f"石坎 {number} 号" for number in range(5)]
    assert told["total"] == 7


def test_what_colleagues_have_applied_for_is_seen_in_their_unit_and_nowhere_else(
    desk, near, sign_in
):
    sign_in(desk, Role.PLANNER, WANZHOU, name="万规划")
    body = said(id=str(uuid4()), **aside(1))
    case = desk.post("/api/v1/points", json=body).json()["id"]
    assert near(id=body["id"])[0] == []
    sign_in(desk, Role.DISTRICT_COMMANDER, WANZHOU)
    names, told = near()
    assert names == ["大石坡滑坡"]
    assert (told["items"][0]["state"], told["items"][0]["case_id"]) == ("in_case", case)
    shown = desk.get("/points/near", params=HERE, headers=PAGE).text
    for word in (f'href="/cases/{case}"', "已申请", "万规划", "48 m"):
        assert word in shown
    for area in (YUNYANG, GAOSUNTANG):
        sign_in(desk, Role.PLANNER, area)
        assert near()[0] == []
    sign_in(desk, Role.PLANNER, WANZHOU)
    page = desk.get(f"/cases/{case}", headers=PAGE).text
    assert "data-near=" in page
    desk.post(f"/api/v1/cases/{case}/steps", json={"act": "withdraw"})


def test_another_district_hears_nothing_of_a_point(desk, near, sessions, sign_in):
    entered(sessions)
    for area, count in ((YUNYANG, 0), (TAIBAI, 0), (GAOSUNTANG, 1), (WANZHOU, 1)):
        sign_in(desk, Role.PLANNER, area)
        names, told = near()
        assert (len(names), told["total"]) == (count, count), area
    desk.cookies.clear()
    assert desk.get("/api/v1/points/near", params=HERE).status_code == 401


def test_the_form_shows_them_and_says_so_when_there_is_none(desk, sessions):
    point = entered(sessions, address="新城路 8 号", **aside(1))

    def part(**typed: object) -> str:
        return desk.get("/points/near", params=HERE | typed, headers=PAGE).text

    shown = part(hazard_type="landslide", name="", id=str(uuid4()))
    for word in ("200 米内有 1 个相似点位", "大石坡滑坡", "48 m", "新城路 8 号", "在册"):
        assert word in shown
    assert f'href="/points/{point}" target="_blank"' in shown
    assert "<html" not in shown
    assert "200 米内没有相似点位" in part(hazard_type="waterlogging", name="北滨路积水")
    for half in (
        {"longitude": "108."},
        {"longitude": ""},
        {"latitude": "三十"},
        {"latitude": "95"},
    ):
        assert ("相似" in part(**half)) is (half == {"longitude": "108."})
    assert part(name="\x00").strip() == ""


def test_a_point_that_stays_where_it_is_needs_no_hint_and_a_moved_one_does(desk, sessions):
    point = entered(sessions)
    entered(sessions, name="老滑坡", **aside(1))
    stays = desk.get("/points/near", params=HERE | {"id": str(point)}, headers=PAGE).text
    assert "老滑坡" not in stays
    moved = desk.get("/points/near", params=aside(0.5) | {"id": str(point)}, headers=PAGE).text
    assert "老滑坡" in moved
    assert "大石坡滑坡" not in moved


@pytest.mark.parametrize(
    "wrong",
    [
        {"longitude": "nan"},
        {"latitude": "91"},
        {"name": "\x00"},
        {"name": "长" * 201},
        {"id": "x"},
        {"radius_m": 5},
    ],
)
def test_a_question_that_makes_no_sense_is_refused(desk, wrong):
    assert desk.get("/api/v1/points/near", params=HERE | wrong).status_code == 422


@pytest.mark.parametrize(("longitude", "latitude"), [(180, 0), (-180, 90), (0, -90), (0, 0)])
def test_the_ends_of_the_world_are_asked_about_without_harm(desk, longitude, latitude):
    asked = {"longitude": longitude, "latitude": latitude}
    assert desk.get("/api/v1/points/near", params=asked).json()["items"] == []


@pytest.mark.parametrize(
    ("name", "other", "like"),
    [
        ("大石坡滑坡", "大石坡 1 号", True),
        ("大石坡 2 号", "大石坡1号", True),
        ("大石坡滑坡", "枇杷坪滑坡", False),
        ("ABC slope", "abc-Slope", True),
        ("坡", "坡", True),
        ("", "", False),
        ("…", "—", False),
    ],
)
def test_names_are_alike_as_people_would_say(name, other, like):
    assert is_like_name(name, other) is like
    assert is_like_name(other, name) is like
