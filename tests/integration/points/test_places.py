"""One search box for names, numbers, codes and coordinates, within what the reader may see."""

import re
from urllib.parse import unquote

import pytest

from gis import crs
from gis.authority import Role
from tests.patrols import labelled, load_reference
from tests.world import GAOSUNTANG, IN_GAOSUNTANG, WANZHOU, YUNYANG


@pytest.fixture
def planner(client, world, hazard_types, sessions, sign_in):
    load_reference(sessions)
    return sign_in(client, Role.PLANNER, WANZHOU)


def find(client, text, **more):
    answer = client.get("/api/v1/places", params={"q": text} | more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_an_area_is_found_by_its_name_and_by_its_code(client, planner):
    (by_code,) = [h for h in find(client, "500101001") if h["kind"] == "area"]
    (by_name,) = [h for h in find(client, "高笋塘") if h["kind"] == "area"]
    (in_english,) = [h for h in find(client, "gaosun", lang="en") if h["kind"] == "area"]
    assert by_code["id"] == by_name["id"] == in_english["id"] == GAOSUNTANG
    assert by_name["about"] == "万州区 高笋塘街道 · 500101001"
    assert in_english["name"] == "Gaosuntang"


def test_coordinates_are_a_place_and_a_turned_order_is_told(client, planner):
    (plain,) = find(client, "30°48′36″N 108°22′48″E")
    assert (plain["lon"], plain["lat"]) == pytest.approx((108.38, 30.81), abs=1e-6)
    assert plain["about"] == "WGS84"
    (turned,) = find(client, "30.81,108.38")
    assert turned["lon"] == 108.38
    assert "经度 108.380000" in turned["note"]
    (x,), (y,) = crs.from_wgs84([108.38], [30.81], crs=crs.GCJ02)
    (shifted,) = find(client, f"gcj {x} {y}")
    assert shifted["lon"] == pytest.approx(108.38, abs=1e-6)
    assert shifted["about"] == "GCJ-02"
    wrong = client.get("/api/v1/places", params={"q": "108.5,95.2"})
    assert wrong.status_code == 422


def test_a_point_and_a_label_are_found_by_what_stands_on_them(client, planner, enter):
    point = enter(client, name="大石坡", number="WZ-0042")
    bridge = labelled(client, at=IN_GAOSUNTANG)
    (found,) = [h for h in find(client, "wz-0042") if h["kind"] == "point"]
    assert found["id"] == point["id"]
    assert found["about"] == "万州区 高笋塘街道"
    spaced = re.sub(r"(.{4})", r"\1-", bridge.code).strip("-").lower()
    (asset,) = [h for h in find(client, spaced) if h["kind"] == "asset"]
    assert asset["id"] == bridge.asset["id"]


def test_another_district_finds_nothing_of_it(client, planner, enter, sign_in):
    enter(client, name="大石坡", number="WZ-0042")
    bridge = labelled(client, at=IN_GAOSUNTANG)
    sign_in(client, Role.PLANNER, YUNYANG)
    for text in ("WZ-0042", bridge.code, "大石坡", "500101001"):
        assert find(client, text) == []
    assert client.get("/api/v1/places", params={"q": "双江"}).json()[0]["name"] == "双江街道"


def test_the_way_there_is_given_in_the_system_of_the_map_programs(client, planner, enter):
    point = enter(client, name="大石坡, 3 号", owner_phone="02358000000")
    page = client.get(f"/points/{point['id']}/panel").text
    x, y = (v[0] for v in crs.from_wgs84([IN_GAOSUNTANG.x], [IN_GAOSUNTANG.y], crs=crs.GCJ02))
    links = unquote(page)
    assert f"to={x:.6f},{y:.6f},大石坡  3 号" in links
    assert f"tocoord={y:.6f},{x:.6f}" in links
    assert 'href="tel:02358000000"' in page


def test_the_panel_tells_what_changed_and_is_missing_for_others(
    client, planner, enter, change, sign_in
):
    point = enter(client, name="大石坡")
    change(client, f"/api/v1/points/{point['id']}", version=1, threatened_persons=130)
    page = client.get(f"/points/{point['id']}/panel").text
    assert re.search(r"<del>.*</del>.*<ins>130</ins>", page)
    sign_in(client, Role.PLANNER, YUNYANG)
    assert client.get(f"/points/{point['id']}/panel").status_code == 404
