"""Records come in, are searched, say why on the map, are accepted, and stand in review."""

import json

import pytest
from playwright.sync_api import expect

from gis.authority import Role
from gis.store import notify
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.points import types
from rescue_app.settings import PROJECT
from tests.evidence import slides
from tests.processes import working
from tests.world import CITY, IN_GAOSUNTANG


@pytest.fixture
def planner(world, sessions, live_server, people, new_page, database, tmp_path):
    """A planner before what the records say, with server and worker as they run in earnest."""
    with unit_of_work(sessions, SYSTEM) as session:
        types.load(session, PROJECT / "data/hazard_types.yaml")
    token = people.token(people.add(Role.PLANNER, CITY, name="王规划"))
    with working(database, home=tmp_path):
        page = new_page(live_server.url, token=token)
        page.goto(live_server.url + "/evidence")
        yield page


def list_of(records):
    heads = "灾情编号,灾种,灾情描述,发生时间,位置精度(m),经度,纬度"
    rows = (
        f"{n},滑坡,边坡垮塌,{one.happened_at:%Y-%m-%d},300,{one.longitude},{one.latitude}"
        for n, one in enumerate(records)
    )
    return "\n".join((heads, *rows)).encode("gbk")


def test_a_planner_brings_records_in_reads_why_on_the_map_and_applies_for_the_point(
    planner, sessions, tmp_path
):
    page = planner
    page.get_by_role("link", name="导入灾情记录").click()
    (tmp_path / "灾情.csv").write_bytes(list_of(slides(IN_GAOSUNTANG)))
    page.set_input_files("#file", tmp_path / "灾情.csv")
    page.locator("#crs").select_option("EPSG:4326")
    page.get_by_role("button", name="与已有记录比对").click()
    page.get_by_role("button", name="导入 7 条记录").click()
    page.get_by_role("link", name="从记录中查找").click()
    page.get_by_role("button", name="查找", exact=True).click()
    page.locator(".reasons a").first.click()
    page.get_by_role("link", name="地图上").click()
    page.wait_for_selector("[data-drawn]", state="attached")
    panel = page.locator("#panel-body")
    expect(panel).to_contain_text("7 条记录")
    expect(panel.locator(".lit-records li")).to_have_count(7)
    expect(panel.locator(".lit-records li").first).to_contain_text("精度 300 米")
    lit = page.locator("[data-lit]").get_attribute("data-lit") or "{}"
    circles = [one for one in json.loads(lit)["features"] if one["properties"]["kind"] == "doubt"]
    assert len(circles) == 7
    panel.get_by_text("这不是点位").click()
    reason = panel.get_by_label("原因")
    reason.press("Enter")
    reason.fill("坡体")
    with page.expect_response("**/proposals.geojson*"), unit_of_work(sessions, SYSTEM) as session:
        notify.announce(session, topic="evidence", kind="open", ref=new_id(), area_path=CITY)
    reason.press_sequentially("已清除")
    reason.press("Enter")
    expect(panel.locator("q")).to_have_text("坡体已清除")
    panel.get_by_role("button", name="撤回这一决定").click()
    panel.get_by_role("button", name="申请新增点位").click()
    panel.get_by_role("link", name="查看办件").click()
    page.wait_for_url("**/cases/*")
    expect(page.get_by_text("7 条记录").first).to_be_visible()
