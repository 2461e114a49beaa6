"""Two people at one map: what the one changes comes to the other, and leaves him where he was."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Route, expect

from gis.authority import Actor, Role
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.monitoring import watching
from hazards.points import types
from rescue_app.settings import PROJECT
from tests.browser.conftest import SMALL
from tests.ledger import entered
from tests.monitoring import measured
from tests.world import CITY, IN_GAOSUNTANG, WANZHOU

A_PAGE = 100
TILES, LISTS = "**/api/v1/tiles/points/**", "**/api/v1/points?**"
FRAMES = """async () => {
    for (let n = 0; n < 10; n++) await new Promise((next) => requestAnimationFrame(next));
}"""
GIVEN = """async () => {
    const { putData } = await import("/static/js/map-data.js");
    const given = [];
    const serialize = () => ({ data: given.at(-1) });
    const source = { setData: (data) => given.push(data), serialize };
    const map = { getSource: () => source };
    for (const data of [{ lit: [1] }, { lit: [1] }, { lit: [2] }, "/file", "/file"])
        putData(map, "lit", data);
    return given;
}"""
NEAR = f"#map=13/{IN_GAOSUNTANG.y}/{IN_GAOSUNTANG.x}"


@pytest.fixture
def enter(world, sessions):
    with unit_of_work(sessions, SYSTEM) as session:
        types.load(session, PROJECT / "data/hazard_types.yaml")
    return lambda name: entered(sessions, name=name)


def test_a_point_of_a_colleague_comes_to_the_page_one_reads_and_asks_for_no_other_layer(
    enter, live_server, people, new_page
):
    for number in range(A_PAGE + 1):
        enter(f"大石坡 {number} 号")
    token = people.token(people.add(Role.PLANNER, WANZHOU))
    page = new_page(live_server.url, token=token, viewport=SMALL)
    page.goto(f"{live_server.url}/map{NEAR}")
    page.wait_for_selector("[data-drawn]", state="attached")
    expect(page.locator("#total")).to_have_text(str(A_PAGE + 1))
    page.locator("[data-step='1']").click()
    expect(page.locator(".rail-row")).to_have_count(1)
    expect(page.locator("#link-state")).to_have_attribute("data-state", "on")
    page.wait_for_load_state("networkidle")

    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with page.expect_response("**/api/v1/tiles/points/**"):
        enter("枇杷坪滑坡")
    expect(page.locator("#total")).to_have_text(str(A_PAGE + 2))
    expect(page.locator(".rail-row")).to_have_count(2)
    expect(page.locator("#list")).to_contain_text("枇杷坪滑坡")
    assert [url for url in asked if "/tiles/points/" not in url and "/tiles/" in url] == []


def test_what_a_colleague_changes_is_read_in_the_list_before_the_map_is_drawn_anew(
    enter, live_server, people, new_page
):
    enter("大石坡滑坡")
    page = new_page(
        live_server.url, token=people.token(people.add(Role.PLANNER, WANZHOU)), viewport=SMALL
    )
    page.goto(f"{live_server.url}/map{NEAR}")
    page.wait_for_selector("[data-drawn]", state="attached")
    expect(page.locator(".rail-row")).to_have_count(1)
    expect(page.locator("#link-state")).to_have_attribute("data-state", "on")
    lists, tiles = [], []
    page.route(TILES, lambda route: tiles.append(route))  # noqa: PLW0108 - Playwright marks what it calls
    page.route(LISTS, lambda route: lists.append(route))  # noqa: PLW0108 - the same
    with page.expect_request(LISTS):
        enter("枇杷坪滑坡")
    page.evaluate(FRAMES)
    assert tiles == []
    with page.expect_request(TILES):
        lists.pop().continue_()
    # No tile is answered, and what changed can be read.
    expect(page.locator("#list")).to_contain_text("枇杷坪滑坡")


def test_the_map_is_drawn_anew_though_the_list_could_not_be_fetched(
    enter, live_server, people, new_page
):
    page = new_page(
        live_server.url, token=people.token(people.add(Role.PLANNER, WANZHOU)), viewport=SMALL
    )
    page.goto(f"{live_server.url}/map{NEAR}")
    page.wait_for_selector("[data-drawn]", state="attached")
    expect(page.locator("#link-state")).to_have_attribute("data-state", "on")
    page.route(LISTS, lambda route: route.abort())
    with page.expect_response(TILES):
        enter("枇杷坪滑坡")
    expect(page.locator("[data-retry]")).to_be_visible()


def test_what_the_map_draws_already_is_not_given_to_it_again(live_server, people, new_page):
    page = new_page(live_server.url, token=people.token(people.add(Role.PLANNER, WANZHOU)))
    page.goto(f"{live_server.url}/map")
    assert page.evaluate(GIVEN) == [{"lit": [1]}, {"lit": [2]}, "/file", "/file"]


def test_what_a_colleague_enters_while_the_page_is_on_its_way_is_shown(
    enter, live_server, people, new_page
):
    enter("大石坡滑坡")
    page = new_page(live_server.url, token=people.token(people.add(Role.PLANNER, WANZHOU)))
    held: list[Route] = []
    # A slow line: the list is there before anybody listens for changes.
    page.route("**/live?**", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks what it calls
    page.goto(f"{live_server.url}/map{NEAR}")
    expect(page.locator("#total")).to_have_text("1")
    enter("枇杷坪滑坡")
    held.pop().continue_()
    expect(page.locator("#total")).to_have_text("2")


def test_a_station_that_falls_silent_is_shown_on_an_open_map_and_its_panel_says_so(
    world, sessions, live_server, people, new_page, tmp_path
):
    planner = people.add(Role.PLANNER, WANZHOU)
    page = new_page(live_server.url, token=people.token(planner), viewport=SMALL)
    page.goto(f"{live_server.url}/map{NEAR}")
    page.wait_for_selector("[data-drawn]", state="attached")
    expect(page.locator("#link-state")).to_have_attribute("data-state", "on")
    city = people.add(Role.CITY_COMMANDER, CITY)
    measured(sessions, tmp_path, Actor(city.id, city.name, city.role, city.area_path))
    well, silent = (page.locator(f"[data-stands={state}]") for state in ("well", "silent"))
    expect(well).not_to_have_attribute("hidden", "")
    page.fill("#q", "YB-1")
    page.get_by_role("option", name="龙宝雨量站").click()
    expect(page.locator("#panel")).to_contain_text("正常")
    watching.watch(sessions, now=datetime.now(UTC) + timedelta(hours=1))
    expect(silent).not_to_have_attribute("hidden", "")
    expect(page.locator("#panel")).to_contain_text("无数据")
    expect(page).to_have_url(re.compile("&station="))
