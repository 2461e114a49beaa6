"""A clerk who never saw it brings a ledger in: from the file to the case, in a real browser."""

import pytest
from playwright.sync_api import expect

from gis.authority import Role
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.points import types
from rescue_app.settings import PROJECT
from tests import inventories, offices
from tests.patrols import load_reference
from tests.processes import working
from tests.world import GAOSUNTANG, WANZHOU


@pytest.fixture
def clerk(world, sessions, live_server, people, new_page, database, tmp_path):
    """A planner before an empty list of imports, with server and worker as they run in earnest."""
    with unit_of_work(sessions, SYSTEM) as session:
        types.load(session, PROJECT / "data/hazard_types.yaml")
    token = people.token(people.add(Role.PLANNER, WANZHOU, name="万规划"))
    with working(database, home=tmp_path):
        page = new_page(live_server.url, token=token)
        page.goto(live_server.url + "/points")
        page.get_by_role("link", name="导入台账").first.click()
        yield page


def test_an_excel_ledger_with_titles_goes_in_by_three_presses(clerk, tmp_path):
    page = clerk
    page.set_input_files("#file", offices.workbook(tmp_path / "台账.xlsx"))
    expect(page.get_by_role("heading", name="核对各列")).to_be_visible()
    expect(page.get_by_text("表头取自第 3 行")).to_be_visible()
    expect(page.get_by_text("12 个样例点中有 12 个在您的辖区内")).to_be_visible()
    page.wait_for_selector("#check-map[data-drawn]", state="attached")
    page.get_by_role("button", name="与台账比对").click()
    expect(page.get_by_role("link", name="新增点位 12")).to_be_visible()
    page.get_by_role("button", name="把 12 个点位送审").click()
    page.get_by_role("link", name="打开办件").click()
    expect(page.get_by_text("台账.xlsx").first).to_be_visible()


def test_a_gbk_shapefile_without_prj_is_understood_and_words_are_corrected_by_hand(clerk, tmp_path):
    page = clerk
    page.set_input_files("#file", offices.shapefile(tmp_path / "隐患点.zip"))
    expect(page.get_by_text("太白岩0号危岩")).to_be_visible()
    expect(page.locator("#crs")).to_have_value("EPSG:4545")
    page.wait_for_selector("#check-map[data-drawn]", state="attached")
    page.locator("#f-name").select_option("c:编号")
    expect(page.locator("tr:has(#f-name) .sample").first).to_have_text("SHP0000")
    page.locator("#f-name").select_option("c:名称")
    expect(page.locator("tr:has(#f-name) .sample").first).to_have_text("太白岩0号危岩")
    page.locator("tr.words:has([name='of.hazard_type']) summary").click()
    page.locator("[name='w.hazard_type.0']").select_option("")
    expect(page.get_by_text("1 个尚不认识")).to_be_visible()
    page.get_by_role("button", name="与台账比对").click()
    expect(page.get_by_role("link", name="不能导入的行 2")).to_be_visible()
    page.get_by_role("button", name="返回对列").click()
    page.locator("[name='w.hazard_type.0']").select_option("landslide")
    page.get_by_role("button", name="与台账比对").click()
    expect(page.get_by_role("link", name="新增点位 8")).to_be_visible()


@pytest.fixture
def street_clerk(world, sessions, live_server, people, new_page, database, tmp_path):
    """A street's planner before the list of assets."""
    load_reference(sessions)
    token = people.token(people.add(Role.PLANNER, GAOSUNTANG, name="周文书"))
    with working(database, home=tmp_path):
        page = new_page(live_server.url, token=token)
        page.goto(live_server.url + "/assets")
        page.get_by_role("link", name="导入清单").click()
        yield page


def test_a_streets_clerk_brings_his_drains_in_and_takes_them_back(street_clerk, tmp_path):
    page = street_clerk
    page.set_input_files("#file", inventories.drains(tmp_path / "雨水口.csv", 30))
    expect(page.get_by_role("heading", name="核对各列")).to_be_visible()
    expect(page.locator("#f-type")).to_have_value("v:drain_inlet")
    expect(page.locator("#order")).to_have_value("lat_lon")
    expect(page.get_by_text("30 个样例点中有 30 个在您的辖区内")).to_be_visible()
    page.wait_for_selector("#check-map[data-drawn]", state="attached")
    page.locator("#order").select_option("lon_lat")
    expect(page.get_by_text("这样读不出位置")).to_be_visible()
    page.locator("#order").select_option("lat_lon")
    expect(page.get_by_text("30 个样例点中有 30 个在您的辖区内")).to_be_visible()
    page.get_by_role("button", name="与设施库比对").click()
    expect(page.get_by_role("alert")).to_contain_text("请选择：卫星定位用 WGS84")
    page.locator("#crs").select_option("EPSG:4326")
    expect(page.get_by_text("选定之前地图按 WGS84 显示")).to_have_count(0)
    page.locator("#f-type").select_option("v:bridge")
    expect(page.locator("#f-spans")).to_be_visible()
    page.locator("#f-type").select_option("v:drain_inlet")
    expect(page.locator("#f-depth_m")).to_have_value("c:井深(cm)")
    expect(page.locator("[name='u.depth_m']")).to_have_value("cm")
    page.get_by_role("button", name="与设施库比对").click()
    expect(page.get_by_role("link", name="新增设施 30")).to_be_visible()
    page.get_by_role("button", name="导入 30 处设施").click()
    page.get_by_role("button", name="整批撤回").click()
    expect(page.get_by_role("heading", name="已撤回")).to_be_visible()
    page.get_by_role("button", name="改正各列，重新比对").click()
    page.get_by_role("button", name="与设施库比对").click()
    expect(page.get_by_role("link", name="有变化的设施 30")).to_be_visible()
