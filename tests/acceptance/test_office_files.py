"""What offices have goes in, through every hand of the review, and comes out the same."""

from datetime import UTC, datetime

import numpy as np
import pytest
from playwright.sync_api import expect

from gis import crs, exchange
from gis.authority import Role
from gis.exchange.importing.degrees import as_degrees
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.points import types
from rescue_app.settings import PROJECT
from tests import offices
from tests.processes import working
from tests.world import CITY, WANZHOU, YUNYANG

SEATS = {
    "planner": (Role.PLANNER, WANZHOU),
    "district": (Role.DISTRICT_COMMANDER, WANZHOU),
    "city": (Role.CITY_COMMANDER, CITY),
    "neighbour": (Role.PLANNER, YUNYANG),
}
A_MILLIMETRE = 1e-3


@pytest.fixture
def desk(world, sessions, live_server, people, new_page, database, tmp_path):
    """`desk("city", "/cases")`: a window of one person, with server and worker as in earnest."""
    with unit_of_work(sessions, SYSTEM) as session:
        types.load(session, PROJECT / "data/hazard_types.yaml")
    tokens = {who: people.token(people.add(*seat, name=who)) for who, seat in SEATS.items()}

    def enter(who, path):
        page = new_page(live_server.url, token=tokens[who])
        page.goto(live_server.url + path)
        return page

    with working(database, home=tmp_path):
        yield enter


def brought_in(desk, path, *, count):
    page = desk("planner", "/imports")
    page.set_input_files("#file", path)
    expect(page.get_by_role("heading", name="核对各列")).to_be_visible()
    page.get_by_role("button", name="与台账比对").click()
    expect(page.get_by_role("link", name=f"新增点位 {count}")).to_be_visible()
    page.get_by_role("button", name=f"把 {count} 个点位送审").click()
    page.get_by_role("link", name="打开办件").click()
    page.get_by_label("踏勘日期").fill(datetime.now(UTC).date().isoformat())
    page.get_by_label("踏勘情况").fill("逐点核对,与台账一致")
    page.get_by_role("button", name="登记踏勘").click()
    expect(page.locator("main")).to_contain_text("已踏勘")
    for who, button in (("district", "复核通过"), ("city", "核准")):
        office = desk(who, "/cases")
        office.locator("a[data-row]").first.click()
        office.get_by_role("button", name=button).click()
        expect(office.locator(".steps")).to_contain_text(f"已{button[:2]}")


def taken_out(page, kind, into, *, system="EPSG:4326"):
    page.locator("details.menu summary", has_text="导出").first.click()
    page.locator("#export-crs").select_option(system)
    with page.expect_download() as download:
        page.locator(f"form[action='/exports'] button[value='{kind}']").first.click()
    path = into / download.value.suggested_filename
    download.value.save_as(path)
    return exchange.read(path)


def by_number(table, column):
    return {row[column]: row for row in table.records() if row[column]}


def test_a_gbk_shapefile_is_reviewed_and_comes_out_the_same(desk, tmp_path):
    sent = by_number(exchange.read(offices.shapefile(tmp_path / "隐患点.zip")), "编号")
    brought_in(desk, tmp_path / "隐患点.zip", count=len(sent))
    page = desk("planner", "/points?q=太白岩")
    back = taken_out(page, "shp", tmp_path, system=offices.CGCS2000_3_DEGREES)
    assert (back.crs, back.driver) == (offices.CGCS2000_3_DEGREES, "ESRI Shapefile")
    rows = by_number(back, "number")
    assert rows.keys() == sent.keys()
    words = {"土质滑坡": "滑坡", "危岩带": "危岩"}  # the ledger's own words for the same
    columns = {"名称": "name", "威胁人数": "threatened_persons", "规模": "scale"}
    columns |= {"监测方式": "monitoring_method", "两卡": "cards_given", "灾种": "hazard_type"}
    for number, row in sent.items():
        assert rows[number]["geometry"].distance(row["geometry"]) < A_MILLIMETRE
        for column, name in columns.items():
            assert rows[number][name] == words.get(row[column], row[column])
    other = desk("neighbour", "/points?q=太白岩")
    assert len(taken_out(other, "shp", tmp_path)) == 0


def test_an_excel_ledger_with_titles_is_reviewed_and_comes_out_the_same(desk, tmp_path):
    sent = by_number(exchange.read(offices.workbook(tmp_path / "台账.xlsx")), "统一编号")
    brought_in(desk, tmp_path / "台账.xlsx", count=len(sent))
    rows = by_number(taken_out(desk("planner", "/points"), "xlsx", tmp_path), "统一编号")
    assert rows.keys() == sent.keys()
    columns = {"灾害点名称": "隐患点名称", "地理位置": "地理位置", "威胁户数(户)": "威胁户数"}
    columns |= {"防灾责任人": "防灾责任人", "联系电话": "责任人电话"}
    for number, row in sent.items():
        back = rows[number]
        assert {name: back[name] for name in columns.values()} == {
            name: row[column] for column, name in columns.items()
        }
        assert back["威胁人数"] == row["威胁人数(人)"].replace(",", "")
        assert float(back["威胁财产万元"]) == float(row["威胁财产(元)"]) / 10_000
        said = [float(as_degrees(row[axis])) for axis in ("经度", "纬度")]
        found = [float(back[axis]) for axis in ("经度", "纬度")]
        assert float(crs.distance_m(*said, *found)) < A_MILLIMETRE
        assert np.isfinite(found).all()
