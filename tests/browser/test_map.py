"""The one map, drawn for real: its pixels, its list, its keys, its address, its line."""

import io
import re

from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import SMALL
from tests.browsing import PHONE
from tests.world import IN_GAOSUNTANG, WANZHOU

NEAR = f"#map=13/{IN_GAOSUNTANG.y}/{IN_GAOSUNTANG.x}"
LAND = (0xFB, 0xFB, 0xF9)
DIM = (0xEF, 0xF1, 0xF3)
RED = (0xD9, 0x2D, 0x20)
COUNTING = """async () => {
    window.line = new EventTarget();
    window.EventSource = function () { return window.line; };
    window.redrawn = 0;
    const { watchLine } = await import("/static/js/map-live.js");
    watchLine({ onChange: () => { window.redrawn += 1; } });
}"""
"""The page's own way of hearing changes, on a line that the test holds."""
UNDRAWN = "delete document.getElementById('main').dataset.drawn"
SAID = """window.line.dispatchEvent(
    new MessageEvent("message", { data: JSON.stringify({ topic: "point" }) }))"""


def pixels(page: Page, of: str = "#map canvas") -> list[tuple[int, int, int]]:
    picture = Image.open(io.BytesIO(page.locator(of).screenshot())).convert("RGB")
    return list(picture.get_flattened_data())


def share(page: Page, colour: tuple[int, int, int], *, off: int = 3) -> float:
    seen = pixels(page)
    near = [p for p in seen if all(abs(a - b) <= off for a, b in zip(p, colour, strict=True))]
    return len(near) / len(seen)


def test_the_district_in_focus_is_lit_and_its_neighbours_are_dimmed(open_map):
    page = open_map(who="wanzhou")
    assert share(page, LAND) > 0.3
    assert share(page, DIM) > 0.1


def test_counts_from_afar_add_up_to_what_the_list_says(open_map, stage):
    page = open_map()
    expect(page.locator("#total")).to_have_text("24")
    assert share(page, RED, off=24) > 0.0002


def test_points_are_drawn_from_near_with_the_colour_of_their_grade(open_map):
    page = open_map(NEAR)
    assert share(page, RED, off=6) > 0.0001
    expect(page.locator("#legend-points li:not([hidden])")).not_to_have_count(0)
    expect(page.locator("#legend-rings")).to_be_hidden()


def test_a_filter_narrows_list_and_address_together(open_map):
    page = open_map()
    page.locator(".grade-chip.red").click()
    expect(page.locator("#total")).to_have_text("3")
    expect(page).to_have_url(re.compile("grade=I"))
    page.reload()
    expect(page.locator("#total")).to_have_text("3")


def test_a_link_to_a_near_look_lists_what_is_in_view(open_map, new_page, stage):
    expected = open_map(NEAR, who="planner").locator("#total").inner_text()
    page = new_page(stage.url, token=stage.tokens["planner"], viewport=SMALL)
    held: list[Route] = []
    # A slow line: without its style there is no map yet.
    page.route("**/style/page.json", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks what it calls
    page.clock.install()
    with page.expect_request("**/style/page.json"):
        page.goto(f"{stage.url}/map{NEAR}")
    page.clock.run_for(2_000)
    page.clock.resume()
    held[0].continue_()
    page.wait_for_selector("[data-drawn]", state="attached")
    page.wait_for_load_state("networkidle")
    expect(page.locator("#total")).to_have_text(expected)


def test_a_row_below_the_edge_does_not_scroll_the_map_away(open_map, stage):
    page = open_map(f"?whole=1{NEAR}&point={stage.ids['point']}", viewport=PHONE)
    expect(page.locator("#panel")).to_be_visible()
    page.locator(".rail-row").last.evaluate("row => row.scrollIntoView()")
    assert page.locator(".map-page").evaluate("page => page.scrollTop") == 0


def test_a_deadline_days_away_is_said_in_days(open_map):
    page = open_map(listed=False)
    script = "([s, lang]) => import('/static/js/clocks.js').then(clocks => clocks.span(s, lang))"
    nine_days = 9 * 86_400 + 23 * 3_600 + 54 * 60
    assert page.evaluate(script, [nine_days, "zh-CN"]) == "9 天 23 小时"
    assert page.evaluate(script, [nine_days, "en"]) == "9 days 23 hours"
    assert page.evaluate(script, [3_730, "en"]) == "1:02:10"


def test_the_keyboard_walks_the_list_and_lets_go(open_map):
    page = open_map()
    current = page.locator(".rail-row[aria-current]")
    page.keyboard.press("j")
    first = str(current.get_attribute("data-id"))
    page.keyboard.press("j")
    expect(current).not_to_have_attribute("data-id", first)
    expect(page.locator("#panel")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()


def test_help_is_one_key_away(open_map):
    page = open_map()
    page.keyboard.press("?")
    expect(page.locator("dialog#keys")).to_be_visible()


def test_an_address_opens_the_point_it_was_copied_at(open_map, stage):
    page = open_map(f"{NEAR}&point={stage.ids['point']}")
    expect(page.locator("#panel")).to_be_visible()
    expect(page).to_have_url(re.compile(re.escape(f"point={stage.ids['point']}")))


def test_a_double_click_looks_at_the_district_below(open_map):
    page = open_map("#map=9/30.8/108.25")
    page.locator("#map canvas").dblclick(position={"x": 270, "y": 220})
    expect(page.locator("#trail [aria-current]")).to_have_text("万州区")
    expect(page.locator("#total")).to_have_text("16")
    page.locator("#trail ol a").click()
    expect(page.locator("#total")).to_have_text("24")


def test_a_commander_finds_the_way_to_an_incident_where_he_clicks(open_map):
    page = open_map("#map=14/30.70/108.60", listed=False)
    page.locator("#map canvas").click(position={"x": 340, "y": 300})
    link = page.locator("#incident-here")
    expect(link).to_be_visible()
    expect(link).to_have_attribute("href", re.compile(r"/incidents/new\?lon=108\.6"))


def test_on_a_phone_the_list_is_a_sheet_with_three_stops(open_map):
    page = open_map(viewport=PHONE)
    sheet = page.locator("#rail")
    tops = []
    for stop in ("peek", "half", "full"):
        expect(sheet).to_have_attribute("data-stop", stop)
        sheet.evaluate("sheet => Promise.all(sheet.getAnimations().map(glide => glide.finished))")
        tops.append(sheet.bounding_box()["y"])
        page.locator("#rail-handle").click()
    assert tops[0] > tops[1] > tops[2]


def test_on_a_phone_long_english_names_leave_room_for_the_sign_and_the_way_down(open_map):
    page = open_map("?lang=en", who="planner", viewport={"width": 360, "height": 780})
    for part, least in (("header .mark", 24), ("#trail .below", 60), ("#trail .button", 20)):
        assert page.locator(part).first.bounding_box()["width"] >= least, part
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_the_page_says_when_the_line_is_lost(open_map):
    page = open_map()
    expect(page.locator("#link-state")).to_have_attribute("data-state", "on")
    page.evaluate("dispatchEvent(new Event('offline'))")
    expect(page.locator("#link-state")).to_contain_text("断线")


def test_changes_that_never_pause_do_not_hold_the_map_still(open_map):
    page = open_map()
    page.clock.install(time="2099-01-01T00:00:00Z")
    page.clock.pause_at("2099-01-01T00:01:00Z")  # from now on time passes by our word alone
    page.evaluate(COUNTING)
    for _ in range(10):
        page.evaluate(SAID)
        page.clock.run_for(200)
    assert page.evaluate("window.redrawn") == 3


def test_a_page_that_lost_a_script_says_so_and_comes_again_by_itself(new_page, stage):
    page = new_page(stage.url, token=stage.tokens["city"])
    page.route("**/static/js/live.js", lambda route: route.abort(), times=1)
    page.goto(f"{stage.url}/orders/{stage.ids['order']}", wait_until="commit")
    expect(page.locator("#link-state")).to_have_text("正在连接…")
    expect(page.locator("#link-state")).to_have_text("实时")


def test_what_a_district_may_not_see_is_in_neither_list_nor_map(open_map):
    page = open_map(who="planner")
    expect(page.locator("#total")).to_have_text("16")
    expect(page.locator("main")).to_have_attribute("data-focus", WANZHOU)


def test_past_disasters_come_when_asked_for_and_say_how_exactly_they_are_known(open_map):
    page = open_map(f"#map=13/{IN_GAOSUNTANG.y + 0.03}/{IN_GAOSUNTANG.x}", listed=False)
    land = share(page, LAND)
    assert land > 0.3
    expect(page.locator("[data-layer=events] input")).not_to_be_checked()
    page.evaluate(UNDRAWN)
    page.locator("[data-layer=events]").click()
    page.wait_for_selector("[data-drawn]", state="attached")
    expect(page.locator("#legend-events")).to_be_visible()
    expect(page).to_have_url(re.compile("show=events"))
    assert share(page, LAND) < land / 2
    page.locator("#map canvas").click(position={"x": 500, "y": 60})
    expect(page.locator("#panel")).to_contain_text("连日暴雨滑坡")
    expect(page.locator("#panel")).to_contain_text("9,000")
    page.reload()
    expect(page.locator("#legend-events")).to_be_visible()


def test_areas_are_coloured_by_how_far_the_labels_reach_and_the_board_says_the_same(
    open_map, stage
):
    page = open_map("?coverage=labelled", who="wanzhou")
    expect(page.locator("#coverage-total")).to_contain_text("%")
    page.wait_for_selector("[data-drawn]", state="attached")
    told_by = page.request.get(f"{stage.url}/api/v1/coverage?under={WANZHOU}")
    parts = told_by.json()["parts"]
    shares = [one["labelled_share"] for one in parts if one["labelled_share"] is not None]
    told = page.locator("#legend-coverage [data-class] b").all_inner_texts()
    assert sum(map(int, told)) == len(parts)
    assert sum(map(int, told[:-1])) == len(shares) > 0
    shade = {5: (0x1D, 0x3F, 0x72), 4: (0x4A, 0x78, 0xB0), 3: (0x7F, 0xA3, 0xCD)}
    best = min(5, int(max(shares) * 5) + 1)
    assert share(page, shade[best], off=6) > 0.001
    page.select_option("#coverage-measure", "patrolled")
    page.select_option("#coverage-kind", "bridge")
    expect(page).to_have_url(re.compile("coverage=patrolled&coverage_kind=bridge"))
    page.click("#coverage-board")
    expect(page.locator("h1")).to_contain_text("万州区")
    expect(page).to_have_url(re.compile("type=bridge"))
    page.click(".page-head a[href^='/map']")
    expect(page.locator("#coverage-kind")).to_have_value("bridge")
    page.select_option("#coverage-measure", "")
    expect(page.locator("#legend-coverage")).to_be_hidden()


def test_the_page_of_a_map_of_likely_ground_draws_its_classes(open_map, stage):
    page = open_map(listed=False)
    page.goto(f"{stage.url}/evidence/possible/{stage.ids['susceptibility']}")
    page.wait_for_selector("#susceptibility-map[data-drawn]")
    seen = pixels(page, of="#susceptibility-map canvas")
    violet = [red for red, green, blue in seen if blue > green + 30 and red > green + 10]
    assert len(violet) > len(seen) / 50


def test_likely_ground_and_proposed_places_are_shown_on_request_and_gone_through(open_map, stage):
    page = open_map(f"?show=susceptibility,proposals{NEAR}", listed=False)
    expect(page.locator("[data-layer=susceptibility] input")).to_be_checked()
    expect(page.locator("#legend-likely")).to_be_visible()
    expect(page.locator("#legend-likely-made-up")).to_be_visible()
    expect(page.locator("#legend-proposals-made-up")).to_be_visible()
    page.locator("[data-layer=susceptibility]").click()
    expect(page.locator("#legend-likely")).to_be_hidden()
    page.locator("#legend-proposals [data-walk]").click()
    expect(page.locator("#panel-body")).to_contain_text("2018-07")
    expect(page).to_have_url(re.compile(re.escape(f"proposal={stage.ids['evidence']}")))
    page.keyboard.press("k")
    expect(page.locator("#panel-body [data-walk='-1']")).to_be_visible()
