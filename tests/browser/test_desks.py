"""Several desks at once: what one does the others see by itself; figures agree between pages."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from gis.authority import Role
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.points.cases import proposing
from hazards.points.cases import service as cases
from hazards.points.cases.proposing import Ask
from rescue_app.api.points_said import Said
from tests.ledger import said
from tests.tasking import generate, load_lists, point, put_points
from tests.world import CITY, GAOSUNTANG, SHUANGJIANG, TAIBAI, WANZHOU, YUNYANG

SMALL = {"width": 1000, "height": 640}
SEATS = {
    "planner": (Role.PLANNER, WANZHOU),
    "wanzhou": (Role.DISTRICT_COMMANDER, WANZHOU),
    "city": (Role.CITY_COMMANDER, CITY),
    "yunyang": (Role.DISTRICT_COMMANDER, YUNYANG),
}


@pytest.fixture
def ground(sessions, world):
    """Points in three streets, each with one list that nobody has done in time."""
    load_lists(sessions)
    early = datetime.now(UTC) - timedelta(days=20)
    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(text("UPDATE threshold SET default_value = 1 WHERE code ~ 'flood_first'"))
        session.execute(text("UPDATE threshold SET default_value = 12 WHERE code ~ 'flood_last'"))
    places = ((GAOSUNTANG, 1), (GAOSUNTANG, 2), (TAIBAI, 1), (SHUANGJIANG, 1))
    put_points(sessions, [point(path, early, n) for path, n in places])
    generate(sessions, early)
    put_points(sessions, [point(TAIBAI, early, 7)])


@pytest.fixture
def staff(people, ground):
    return {who: people.add(*seat, name=who) for who, seat in SEATS.items()}


@pytest.fixture
def window(live_server, new_page, people, staff):
    """`window("city", "/cases")` opens that person's browser there."""

    def begin(who, path):
        page = new_page(live_server.url, token=people.token(staff[who]), viewport=SMALL)
        page.goto(live_server.url + path)
        if path.startswith("/map"):
            page.wait_for_selector("[data-drawn]", state="attached")
        return page

    return begin


@pytest.fixture
def surveyed(sessions, staff):
    """A new point that the planner applied for and surveyed; gives its case."""
    by, now = staff["planner"].as_actor(), datetime.now(UTC)
    with unit_of_work(sessions, Scope.of(by)) as session:
        ask = Ask(new_id(), by, now)
        facts = Said.model_validate(said(name="新发现的裂缝")).facts()
        proposing.enter(session, ask=ask, point_id=new_id(), facts=facts)
        visit = cases.Said(opinion="后缘裂缝 12 米", visited_on=now.date() - timedelta(days=1))
        cases.survey(session, case_id=ask.case_id, by=by, now=now, said=visit)
    return ask.case_id


def press(page, name):
    page.get_by_role("button", name=name).click()


def test_a_step_by_one_shows_on_the_other_s_board_and_map_without_reloading(window, surveyed):
    board, elsewhere = window("city", "/cases"), window("yunyang", "/cases?whose=all")
    chart = window("planner", "/map?whole=1")
    row = board.get_by_role("row", name="新发现的裂缝")
    expect(row).to_contain_text("已踏勘")
    expect(chart.locator("#total")).to_have_text("4")
    expect(chart.locator("#link-state")).to_have_attribute("data-state", "on")
    for page in (board, chart):
        page.evaluate("window.neverReloaded = true")
    district = window("wanzhou", f"/cases/{surveyed}")
    press(district, "复核通过")
    expect(row).to_contain_text("已复核")
    assert board.evaluate("window.neverReloaded")
    expect(chart.locator("#total")).to_have_text("4")

    row.get_by_role("link").click()
    with chart.expect_response(re.compile("/tiles/")):
        press(board, "核准")
    expect(chart.locator("#total")).to_have_text("5")
    expect(chart.locator(".rail-row", has_text="新发现的裂缝")).to_be_visible()
    assert chart.evaluate("window.neverReloaded")
    expect(elsewhere.get_by_text("新发现的裂缝")).to_have_count(0)


def test_an_open_case_shows_the_step_of_another_and_keeps_what_is_being_written(window, surveyed):
    reader = window("planner", f"/cases/{surveyed}")
    writer, late = (window("wanzhou", f"/cases/{surveyed}") for _ in range(2))
    writer.get_by_label("意见").fill("裂缝走向待核")
    late.route("**/live?**", lambda route: route.abort())
    late.reload()
    for page in (reader, writer):
        page.evaluate("window.neverReloaded = true")
    press(window("wanzhou", f"/cases/{surveyed}"), "复核通过")
    expect(reader.locator("#steps li").first).to_contain_text("已复核 · wanzhou")
    expect(reader.locator(".way [aria-current]")).to_have_text("已复核")
    expect(writer.locator("#moved")).to_contain_text("已复核 · wanzhou")
    expect(writer.get_by_label("意见")).to_have_value("裂缝走向待核")
    assert all(page.evaluate("window.neverReloaded") for page in (reader, writer))

    late.get_by_label("意见").fill("同意上报")
    press(late, "复核通过")
    expect(late.locator("#moved")).to_contain_text("已复核 · wanzhou")
    expect(late.locator("#moved")).to_contain_text("同意上报")


def test_a_switch_of_the_mode_says_that_it_is_at_work_until_it_is_answered(window):
    desk = window("city", "/modes")
    desk.get_by_role("radio", name="急 急时").check(force=True)
    desk.get_by_label("原因").fill("暴雨橙色预警")
    desk.route(lambda url: "/modes?" in url, lambda route: route.fulfill(status=204))
    desk.get_by_role("button", name="按住切换").dispatch_event("click")
    expect(desk.get_by_role("status").filter(has_text="正在执行")).to_be_visible()
    expect(desk.get_by_role("button", name="按住切换")).to_be_disabled()


def test_the_overdue_chip_means_the_same_points_on_map_list_and_board(window):
    chart = window("planner", "/map?whole=1")
    expect(chart.locator("#total")).to_have_text("4")
    chart.keyboard.press("f")
    chart.get_by_text("清单超期", exact=True).click()
    expect(chart.locator("#total")).to_have_text("3")
    expect(chart.locator(".rail-row")).to_have_count(3)
    expect(chart.locator("#chips .chip").first).to_have_text("清单超期")
    expect(chart).to_have_url(re.compile("overdue=true"))
    expect(chart.locator("#rail")).not_to_contain_text("7号")
    listed = window("planner", "/points?overdue=true")
    expect(listed.locator("a[data-row]")).to_have_count(3)
    board = window("planner", f"/tasks?state=overdue&area={quote(WANZHOU)}")
    expect(board.locator(".task-tiles .figure[aria-current] b")).to_have_text("3")
    expect(board.locator("tbody input[name=task]")).to_have_count(3)
