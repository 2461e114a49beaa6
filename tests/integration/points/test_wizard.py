"""A ledger comes in by the page: any office's file, guessed, tried, nothing behind one's back."""

import re
import zipfile

import pytest

from gis import crs
from gis.authority import Role
from gis.store.base import new_id
from rescue_app.http.dependencies import COOKIE
from tests import offices
from tests.integration.points.desks import (
    bring,
    compare,
    desk_of_wanzhou,
    fields,
    figures,
    run_worker,
)
from tests.world import CITY, WANZHOU, YUNYANG

__all__ = ["bring", "compare", "desk_of_wanzhou", "fields", "run_worker"]


def test_an_excel_ledger_with_titles_needs_no_correction(bring, compare, tmp_path, desk_of_wanzhou):
    page = bring(offices.workbook(tmp_path / "台账.xlsx"))
    proposed = desk_of_wanzhou.get(page).text
    assert "表头取自第 3 行" in proposed
    assert "个样例点中有" in proposed
    html = compare(page)
    assert figures(html) == [12, 0, 0, 1]
    assert "合计" not in desk_of_wanzhou.get(f"{page}?show=new").text
    refused = desk_of_wanzhou.get(f"{page}?show=refused").text
    assert "统一编号" in refused


def test_a_shapefile_in_gbk_without_prj_lands_when_its_zone_is_chosen(
    bring, compare, tmp_path, desk_of_wanzhou
):
    page = bring(offices.shapefile(tmp_path / "隐患点.zip"))
    html = desk_of_wanzhou.get(page).text
    assert "太白岩0号危岩" in html
    assert "gb18030" in html
    assert '<option value="c:规模" selected' in html
    assert '<option value="c:两卡" selected' in html
    assert figures(compare(page, crs="EPSG:4545")) == [8, 0, 0, 0]


def test_what_was_said_of_a_table_is_offered_the_next_time(
    bring, compare, tmp_path, desk_of_wanzhou, fields
):
    first = bring(offices.workbook(tmp_path / "一月.xlsx"))
    compare(first, source="万州台账", **{"f.owner_unit": "c:地理位置"})
    second = bring(offices.workbook(tmp_path / "二月.xlsx", rows=3))
    html = desk_of_wanzhou.get(second).text
    assert "上次" in html
    said = fields(html)
    assert (said["source"], said["f.owner_unit"]) == ("万州台账", "c:地理位置")


def test_refused_rows_that_were_corrected_belong_to_the_ledger_they_came_from(
    bring, compare, tmp_path, desk_of_wanzhou, fields
):
    html = compare(bring(offices.workbook(tmp_path / "一月.xlsx")), source="万州台账")
    refused = re.search(r'href="(/files/[^"]+)" download', html)
    corrected = tmp_path / "改正.csv"
    corrected.write_bytes(desk_of_wanzhou.get(refused.group(1)).content)
    said = fields(desk_of_wanzhou.get(bring(corrected)).text)
    assert (said["source"], said["f.number"]) == ("万州台账", "c:统一编号")


def test_refused_shapes_that_come_back_as_text_belong_to_the_ledger_they_came_from(
    bring, compare, tmp_path, desk_of_wanzhou, fields
):
    page = bring(offices.shapefile(tmp_path / "隐患点.zip"))
    # Taken as lying two zones further east: outside the area, so all rows come back.
    html = compare(page, source="万州台账", crs="EPSG:4547")
    refused = re.search(r'href="(/files/[^"]+)" download', html)
    corrected = tmp_path / "改正.csv"
    corrected.write_bytes(desk_of_wanzhou.get(refused.group(1)).content)
    page = bring(corrected)
    said = fields(desk_of_wanzhou.get(page).text)
    assert (said["source"], said["extent"], said["f.number"]) == ("万州台账", "WKT", "c:编号")
    assert figures(compare(page, crs="EPSG:4545")) == [8, 0, 0, 0]


def test_ones_own_mapping_comes_before_a_colleagues_and_another_units_system_is_not_taken_over(
    bring, compare, tmp_path, desk_of_wanzhou, fields, sign_in, people
):
    first = sign_in(desk_of_wanzhou, Role.PLANNER, WANZHOU)
    compare(bring(offices.workbook(tmp_path / "一月.xlsx")), crs="EPSG:4490", source="自己的")
    sign_in(desk_of_wanzhou, Role.PLANNER, WANZHOU)
    compare(bring(offices.workbook(tmp_path / "二月.xlsx")), crs="GCJ-02", source="同事的")

    def offered(name):
        html = desk_of_wanzhou.get(bring(offices.workbook(tmp_path / name))).text
        said = fields(html)
        return said["source"], said["crs"], "坐标系不沿用别的单位的文件" in html

    desk_of_wanzhou.cookies.set(COOKIE, people.token(first))
    assert offered("三月.xlsx") == ("自己的", "EPSG:4490", False)
    sign_in(desk_of_wanzhou, Role.PLANNER, CITY)
    assert offered("四月.xlsx") == ("同事的", "EPSG:4326", True)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("台账.xlsm", b"PK\x03\x04", "含有宏"),
        ("台账.doc", b"\xd0\xcf", ".xlsx"),
        ("台账.xlsx", b"not a workbook", "不是工作簿"),
        ("空.csv", b"", "空"),
    ],
)
def test_what_cannot_be_read_says_why(bring, tmp_path, desk_of_wanzhou, name, content, said):
    path = tmp_path / name
    path.write_bytes(content)
    html = desk_of_wanzhou.get(bring(path)).text
    assert said in html
    assert "重新读取" in html


def test_locked_climbing_and_swelling_zips_are_refused(bring, tmp_path, desk_of_wanzhou):
    climbing, bomb = tmp_path / "a.zip", tmp_path / "b.zip"
    with zipfile.ZipFile(climbing, "w") as packed:
        packed.writestr("../../etc/points.csv", "编号\n1\n")
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("points.csv", b"0" * 60_000_000)
    for path, said in (
        (climbing, "points.csv"),
        (bomb, "倍"),
        (offices.locked_zip(tmp_path / "c.zip"), "密码"),
    ):
        assert said in desk_of_wanzhou.get(bring(path)).text


def test_a_file_with_several_tables_asks_which(bring, tmp_path, desk_of_wanzhou, run_worker):
    path = tmp_path / "两张.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for name in ("一期", "二期"):
            packed.writestr(f"{name}.csv", f"编号,名称,经度,纬度\n{name},{name}点,108.35,30.8\n")
    page = bring(path)
    assert "哪一张是台账" in desk_of_wanzhou.get(page).text
    desk_of_wanzhou.post(f"{page}/reading", data={"layer": "二期.csv"})
    run_worker()
    assert "二期点" in desk_of_wanzhou.get(page).text


def test_another_district_sees_neither_the_import_nor_its_file(
    bring, tmp_path, desk_of_wanzhou, sign_in
):
    page = bring(offices.workbook(tmp_path / "台账.xlsx"))
    sign_in(desk_of_wanzhou, Role.PLANNER, YUNYANG)
    assert desk_of_wanzhou.get(page).status_code == 404
    assert "台账.xlsx" not in desk_of_wanzhou.get("/imports").text
    assert desk_of_wanzhou.get(page.replace("/imports/", "/files/")).status_code == 404
    assert desk_of_wanzhou.post(f"{page}/columns", data={"go": "1"}).status_code == 404
    sign_in(desk_of_wanzhou, Role.PATROL, WANZHOU)
    answer = desk_of_wanzhou.put(f"/api/v1/imports/{new_id()}?name=a.csv", content=b"a,b")
    assert answer.status_code == 403


def test_metres_without_a_zone_are_put_into_the_zone_that_fits_the_area(
    bring, compare, tmp_path, desk_of_wanzhou, fields
):
    page = bring(offices.shapefile(tmp_path / "隐患点.zip"))
    assert fields(desk_of_wanzhou.get(page).text)["crs"] == "EPSG:4545"
    assert figures(compare(page)) == [8, 0, 0, 0]


def test_points_from_a_phone_map_are_noticed_and_the_way_back_is_offered(
    bring, compare, tmp_path, desk_of_wanzhou, run_worker, fields
):
    rows = ["编号,名称,灾种,经度,纬度,区县"]
    for n in range(30):
        # Along the district's western border; GCJ-02 moves them some 500 m east, over the eastern.
        lon, lat = crs.from_wgs84([108.7985], [30.70 + n / 100], crs="GCJ-02")
        rows.append(f"G{n},点{n},滑坡,{float(lon[0])!r},{float(lat[0])!r},万州区")
    path = tmp_path / "高德.csv"
    path.write_bytes("\n".join(rows).encode("gbk"))
    html = compare(bring(path))
    assert "GCJ-02" in html
    assert "转换并比对" in html
    page = desk_of_wanzhou.get("/imports").text.split('href="/imports/')[1].split('"')[0]
    sent = fields(html) | {"convert": "GCJ-02"}
    desk_of_wanzhou.post(f"/imports/{page}/columns", data=sent)
    run_worker()
    assert figures(desk_of_wanzhou.get(f"/imports/{page}").text) == [30, 0, 0, 0]
