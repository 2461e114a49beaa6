"""A street's clerk brings a list of assets in by the page, and takes it back as a whole."""

import csv

import geopandas as gpd
import pytest
from shapely import LineString

from gis import crs
from gis.authority import Role
from gis.store.base import new_id
from tests import inventories
from tests.integration.points.desks import fields, figures
from tests.integration.test_jobs import run_worker
from tests.patrols import load_reference, make_asset, make_label
from tests.world import GAOSUNTANG, TAIBAI

__all__ = ["fields", "run_worker"]
pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture
def clerk(client, sign_in, sessions):
    load_reference(sessions)
    sign_in(client, Role.PLANNER, GAOSUNTANG, name="周文书")
    return client


@pytest.fixture
def bring(clerk, run_worker):
    def do(path):
        address = f"/api/v1/imports/{new_id()}"
        sent = clerk.put(
            address, params={"name": path.name, "of": "assets"}, content=path.read_bytes()
        )
        assert sent.status_code == 201, sent.text
        run_worker()
        return sent.json()["page"]

    return do


@pytest.fixture
def press(clerk, run_worker):
    """Press a button of an import's page; gives the page after the work."""

    def do(page, act, **sent):
        answer = clerk.post(f"{page}/{act}", data=sent)
        assert answer.status_code == 303, answer.text
        run_worker()
        return clerk.get(page).text

    return do


@pytest.fixture
def compare(clerk, press, fields):
    def do(page, **changes):
        return press(page, "columns", **(fields(clerk.get(page).text) | {"go": "1"} | changes))

    return do


@pytest.fixture
def take(bring, compare, press):
    def do(path):
        page = bring(path)
        compare(page)
        assert "已导入" in press(page, "send")
        return page

    return do


def listed(clerk, **asked):
    return clerk.get("/api/v1/assets", params={"type": "drain_inlet"} | asked).json()


def test_a_drain_inventory_in_gbk_with_both_numbers_in_one_cell_needs_no_correction(
    bring, compare, press, clerk, fields, tmp_path
):
    page = bring(inventories.drains(tmp_path / "雨水口台账.csv", 40))
    said = fields(clerk.get(page).text)
    assert said["f.type"] == "v:drain_inlet", "the file's name says what they are"
    assert (said["place"], said["order"]) == ("坐标", "lat_lon")
    assert said["crs"] == "EPSG:4326"
    assert (said["f.form"], said["f.depth_m"], said["u.depth_m"]) == ("c:类型", "c:井深(cm)", "cm")
    assert "f.spans" not in said, "a drain has no spans"
    assert "不详" in clerk.get(page).text
    assert figures(compare(page)) == [40, 0, 0, 0]
    assert listed(clerk)["total"] == 0, "a comparison writes nothing"
    assert "40" in press(page, "send")
    one = listed(clerk, q="Y00008")["items"][0]
    assert one["facts"] == {"form": "kerb", "depth_m": 0.98, "pipe_mm": 300, "drains_to": "长江"}
    assert (one["built_year"], one["maintainer"]) == (1998, "演示三所")
    assert one["place"]["coordinates"] == pytest.approx([108.3076, 30.702])


def test_a_bridge_list_keeps_its_nine_yearly_ratings(
    bring, compare, press, clerk, fields, tmp_path
):
    page = bring(inventories.bridges(tmp_path / "桥梁.csv"))
    html = clerk.get(page).text
    assert html.count('name="m.ratings.') == 9
    said = fields(html)
    assert (said["f.type"], said["f.structure"]) == ("v:bridge", "c:结构形式")
    assert figures(compare(page)) == [3, 0, 0, 0]
    press(page, "send")
    bridges = clerk.get("/api/v1/assets?type=bridge").json()["items"]
    assert {one["facts"]["structure"] for one in bridges} == {"beam", "arch", "frame"}
    rated = clerk.get(f"/api/v1/assets/{bridges[0]['id']}/ratings").json()
    assert (rated["2017"], rated["2025"], len(rated)) == ("A", "D", 8)


def test_what_does_not_fit_is_told_by_line_column_value_and_reason_and_handed_back_as_a_file(
    bring, compare, clerk, tmp_path
):
    far, words = inventories.drain(50, east=0.1), inventories.drain(51).replace("300", "三百")
    page = bring(inventories.drains(tmp_path / "雨水口.csv", 3, far, words))
    html = compare(page)
    assert figures(html) == [3, 0, 0, 2]
    assert "太白街道" in html
    assert "管径(mm)" in html
    link = html.split('href="/files/')[1].split('"')[0]
    rows = list(csv.reader(clerk.get(f"/files/{link}").content.decode("utf-8-sig").splitlines()))
    assert [row[0] for row in rows[1:]] == ["5", "6"]
    assert "演示Y00051" in rows[2]


def test_a_second_list_shows_what_changes_before_and_after(take, bring, compare, tmp_path):
    take(inventories.bridges(tmp_path / "桥梁.csv"))
    again = tmp_path / "桥梁.csv"
    text = inventories.bridges(again, last="E").read_bytes().decode("gb18030")
    again.write_bytes(text.replace("120.5", "130.5", 1).encode("gb18030"))
    page = bring(again)
    html = compare(page)
    assert figures(html) == [0, 3, 0, 0]
    assert "2025 年评级：<del>" in html
    assert ">D</span></del> → <ins><span" in html
    assert '全长：<del><span lang="zh-CN">120.5</span></del>' in html


def test_an_import_is_taken_back_as_a_whole_and_may_come_in_again(
    take, press, compare, clerk, tmp_path
):
    first = take(inventories.bridges(tmp_path / "桥梁.csv", 2))
    second = take(inventories.bridges(tmp_path / "桥梁.csv", 3, last="E"))
    assert "已撤回" in press(second, "undo")
    bridges = clerk.get("/api/v1/assets?type=bridge").json()
    assert bridges["total"] == 2
    rated = clerk.get(f"/api/v1/assets/{bridges['items'][0]['id']}/ratings").json()
    assert rated["2025"] == "D", "what it wrote over is there again"
    press(first, "undo")
    assert clerk.get("/api/v1/assets?type=bridge").json()["total"] == 0
    assert clerk.post(f"{second}/back").status_code == 303
    assert figures(compare(second)) == [0, 3, 0, 0], "they come back with the same numbers"
    press(second, "send")
    found = clerk.get("/api/v1/assets?type=bridge").json()
    assert found["total"] == 3
    steps = clerk.get(f"/api/v1/assets/{found['items'][0]['id']}/history").json()
    assert [step["version"] for step in steps] == [3, 2, 1], "nothing of it is forgotten"


def test_an_import_that_is_built_upon_stays_and_says_on_what(take, press, clerk, tmp_path):
    page = take(inventories.drains(tmp_path / "雨水口.csv", 5))
    make_label(clerk, listed(clerk)["items"][0])
    html = press(page, "undo")
    assert "1 处" in html
    assert listed(clerk)["total"] == 5


def test_a_list_from_a_phone_map_is_stopped_for_a_street_without_naming_any_area(
    bring, compare, clerk, press, fields, tmp_path
):
    rows = ["编号,经度,纬度"]
    for n in range(30):
        lon, lat = crs.from_wgs84([108.3985], [30.71 + n / 200], crs="GCJ-02")
        rows.append(f"演示G{n},{float(lon[0])!r},{float(lat[0])!r}")
    path = tmp_path / "雨水口.csv"
    path.write_bytes("\n".join(rows).encode("gbk"))
    page = bring(path)
    assert "GCJ-02" in compare(page)
    sent = fields(clerk.get(page).text) | {"convert": "GCJ-02"}
    assert figures(press(page, "columns", **sent)) == [30, 0, 0, 0]


def test_lines_come_in_as_text_of_a_cell_and_as_shapes_of_a_file_in_their_own_zone(
    take, clerk, tmp_path
):
    road = LineString([(108.31, 30.80), (108.36, 30.81)])
    table = tmp_path / "道路.csv"
    table.write_text(f'编号,名称,线位\n演示R1,演示路,"{road.wkt}"\n')
    take(table)
    frame = gpd.GeoDataFrame({"编号": ["演示R2"]}, geometry=[road], crs="EPSG:4326")
    shapes = tmp_path / "道路.gpkg"
    frame.to_crs("EPSG:4545").to_file(shapes)
    take(shapes)
    roads = clerk.get("/api/v1/assets?type=road_section").json()["items"]
    assert [one["place"]["type"] for one in roads] == ["LineString", "LineString"]


def test_another_street_sees_nothing_of_it_and_an_observer_brings_nothing_in(
    take, clerk, sign_in, tmp_path
):
    page = take(inventories.drains(tmp_path / "雨水口.csv", 2))
    sign_in(clerk, Role.PLANNER, TAIBAI)
    assert clerk.get(page).status_code == 404
    assert clerk.post(f"{page}/undo").status_code == 404
    assert "雨水口.csv" not in clerk.get("/imports?of=assets").text
    sign_in(clerk, Role.OBSERVER, GAOSUNTANG)
    address = f"/api/v1/imports/{new_id()}?name=a.csv&of=assets"
    assert clerk.put(address, content=b"a,b").status_code == 403
    assert clerk.get("/imports?of=nothing").status_code == 404


def test_fourteen_thousand_synthetic_drains_go_in_and_come_back_out(take, press, clerk, tmp_path):
    page = take(inventories.drains(tmp_path / "雨水口.csv", 14_000))
    assert listed(clerk)["total"] == 14_000
    press(page, "undo")
    assert listed(clerk)["total"] == 0


def test_a_registry_that_went_out_in_the_offices_words_comes_in_again_by_the_page(
    bring, compare, clerk, sign_in, tmp_path
):
    sign_in(clerk, Role.STREET_COMMANDER, GAOSUNTANG)
    make_label(clerk, make_asset(clerk, facts={"length_m": 12, "structure": "arch"}))
    make_asset(clerk, type="shelter", name="库", facts={"indoor": True}, maintainer="街道,社区")
    sent = clerk.get("/api/v1/assets/export?words=zh")
    first, *rows = csv.DictReader(sent.content.decode("utf-8-sig").splitlines())
    both = {one["设施名称"]: one for one in (first, *rows)}
    bridge, shelter = both["万州长江大桥"], both["库"]
    assert (bridge["设施类型"], bridge["结构形式"], bridge["标签状态"]) == (
        "桥梁",
        "拱桥",
        "已打印",
    )
    assert shelter["设施类型"] == "避难场所"
    assert "是" in shelter.values(), "in a yes or no"
    path = tmp_path / "设施.csv"
    path.write_bytes(sent.content)
    page = bring(path)
    assert figures(compare(page)) == [0, 0, 2, 0]
