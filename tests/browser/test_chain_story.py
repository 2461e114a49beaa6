"""What comes next is played step by step by keys and by touch, kept with its point, and printed."""

import re

import pytest
from playwright.sync_api import expect
from shapely import LineString, MultiLineString

from gis.authority import Role
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from gis.water import Water
from hazards.points import types
from rescue_app.settings import PROJECT
from tests.browsing import PHONE
from tests.ledger import entered
from tests.patrols import load_reference, make_asset
from tests.world import WANZHOU

pytestmark = pytest.mark.usefixtures("world")
Y = 30.80
SLOPE = {"name": "沿江滑坡", "longitude": 108.44, "latitude": Y + 0.0005, "threatened_persons": 30}
ROAD = LineString([(108.42, Y), (108.448, Y)])
RIVER = MultiLineString([[(108.40, Y + 0.002), (108.46, Y + 0.002)]])


@pytest.fixture
def slope(client, sign_in, sessions):
    """A slope between a road and a river."""
    load_reference(sessions)
    sign_in(client, Role.DISTRICT_COMMANDER, WANZHOU)
    make_asset(client, type="road_section", name="沿江路", at=ROAD)
    with unit_of_work(sessions, SYSTEM) as session:
        types.load(session, PROJECT / "data/hazard_types.yaml")
        session.add(Water(name="长江", name_en="Yangtze", shape=RIVER, source="test"))
    return entered(sessions, **SLOPE)


@pytest.fixture
def opened(slope, live_server, people, new_page):
    """`opened(path)`: a page as a planner sees it, with its map."""
    token = people.token(people.add(Role.PLANNER, WANZHOU, name="王规划"))

    def do(path, **more):
        page = new_page(live_server.url, token=token, **more)
        page.goto(live_server.url + path)
        page.wait_for_selector("#chain-map[data-armed][data-laid]", state="attached")
        return page

    return do


def expect_lit(page, number):
    """One step is lit in the list and on the map, and what comes after it is not shown yet."""
    shown = str(number)
    expect(page.locator("[aria-current=step]")).to_have_attribute("data-step", shown)
    for said in ("data-lit", "data-laid"):
        expect(page.locator("#chain-map")).to_have_attribute(said, shown)
    expect(page.locator("#chain-at")).to_contain_text(f"{number} / ")


def test_a_chain_is_played_by_keys_and_by_touch_and_is_kept_with_its_point_and_printed(
    opened, slope, live_server
):
    page = opened(f"/chains?point={slope}")
    names = ["沿江路", "长江", "太白街道", "太白街道"]
    expect(page.locator("[data-step] b")).to_have_text(names)
    expect(page.locator("#chain-map")).to_have_attribute("data-laid", "4")
    for key, number in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1)):
        page.keyboard.press(key)
        expect_lit(page, number)
    expect(page.locator("#chain-at")).to_contain_text("沿江滑坡距沿江路 55 米")
    page.keyboard.press("p")
    expect_lit(page, 2)
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="播放")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Home")
    expect(page.locator("#chain-map")).to_have_attribute("data-lit", "")
    page.get_by_role("button", name="保存这次推演").click()
    page.wait_for_url(re.compile("/chains/[0-9a-f-]{36}$"))
    kept = page.url.removeprefix(live_server.url)

    phone = opened(kept, viewport=PHONE, has_touch=True)
    phone.get_by_role("button", name="下一步").tap()
    expect_lit(phone, 1)
    phone.locator("[data-step='3'] p").first.tap()
    expect_lit(phone, 3)
    phone.get_by_role("button", name="播放").tap()
    expect_lit(phone, 4)

    paper = page.get_by_role("link", name="打印（PDF）").get_attribute("href")
    assert page.request.get(live_server.url + paper).body()[:5] == b"%PDF-"
    page.get_by_role("link", name="该点位").click()
    expect(page.locator(".chain-kept a")).to_have_attribute("href", kept)
