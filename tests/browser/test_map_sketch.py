"""Drawing, measuring, other days, kept views: what a planner does on the map."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from pyproj import Geod

from tests.browsing import PHONE
from tests.world import IN_GAOSUNTANG

NEAR = f"#map=12/{IN_GAOSUNTANG.y}/{IN_GAOSUNTANG.x}"
AROUND = "POLYGON((108.30 30.75,108.40 30.75,108.40 30.85,108.30 30.85,108.30 30.75))"


def corners(page: Page, *places: tuple[float, float]) -> None:
    box = page.locator("#map canvas").bounding_box()
    for x, y in places:
        page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)


def test_what_lies_inside_a_drawn_area_is_summed_up_listed_and_in_the_address(open_map):
    page = open_map(NEAR, who="wanzhou")
    page.locator("#legend summary").click()
    page.locator("[data-tool=polygon]").click()
    corners(page, (0.2, 0.3), (0.8, 0.3), (0.8, 0.9), (0.9, 0.9))
    page.keyboard.press("Control+z")
    expect(page.locator("#sketch-figure")).to_contain_text("km²")
    corners(page, (0.2, 0.9))
    page.keyboard.press("Enter")
    panel = page.locator("#panel")
    expect(panel.get_by_role("heading", name="范围内情况")).to_be_visible()
    expect(panel.locator(".inside-figures dd").first).to_have_text("8")
    expect(panel.locator(".inside-figures")).to_contain_text("2,545")
    expect(panel).to_contain_text("桥梁")
    expect(page.locator("#total")).to_have_text("8")
    expect(page).to_have_url(re.compile("polygon=POLYGON"))
    page.reload()
    expect(panel.locator(".inside-figures dd").first).to_have_text("8")
    page.locator(".rail-row").first.click()
    expect(panel.locator(".point-panel")).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel.locator(".inside-figures dd").first).to_have_text("8")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(page).not_to_have_url(re.compile("polygon="))
    page.go_back()
    expect(panel.locator(".inside-figures dd").first).to_have_text("8")


def test_the_files_of_what_is_inside_are_offered_in_sight_and_escape_closes_them_alone(open_map):
    page = open_map(f"?polygon={AROUND}{NEAR}", who="wanzhou")
    panel = page.locator("#panel")
    panel.locator("footer summary").click()
    expect(panel.locator("footer .sheet")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Escape")
    expect(panel.locator("footer .sheet")).to_be_hidden()
    expect(panel.locator(".inside-figures")).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_a_line_has_surroundings_and_keys_alone_can_draw_it(open_map):
    page = open_map(NEAR, who="wanzhou")
    page.locator("[data-tool=line]").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    page.evaluate("location.hash = 'map=12/30.8/108.352'")
    expect(page.locator("#coordinates")).to_have_text("108.352000, 30.800000")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("#panel")).to_contain_text("周边 500 米")
    few = int(page.locator(".inside-figures dd").first.inner_text())
    page.locator("#sketch-width").fill("3000")
    page.locator("#sketch-width").blur()
    expect(page.locator("#panel")).to_contain_text("周边 3,000 米")
    assert int(page.locator(".inside-figures dd").first.inner_text()) > few
    expect(page).to_have_url(re.compile("buffer_m=3000"))


def test_what_is_measured_is_what_a_survey_measures(open_map):
    page = open_map(NEAR)
    line = [[108.38, 30.81], [108.5, 30.9], [109.2, 31.3], [108.9, 30.2]]
    ask = (
        "async (line) => { const { length, area } = await import('/static/js/map-geodesy.js');"
        " return [length(line), area(line)]; }"
    )
    geod = Geod(ellps="WGS84")
    xs, ys = zip(*line, strict=True)
    length, area = page.evaluate(ask, line)
    assert length == pytest.approx(geod.line_length(xs, ys), abs=0.001)
    assert area == pytest.approx(abs(geod.polygon_area_perimeter(xs, ys)[0]), rel=1e-5)
    page.locator("#legend summary").click()
    page.locator("[data-tool=distance]").click()
    corners(page, (0.3, 0.5), (0.6, 0.5))
    page.keyboard.press("Enter")
    expect(page.locator("#sketch-figure")).to_have_text(re.compile(r"^\d+\.\d\d km$"))
    expect(page.locator("#panel")).to_be_hidden()
    page.get_by_role("button", name="清除绘制").click()
    expect(page.locator("#sketch-bar")).to_be_hidden()


def test_on_a_phone_a_thumb_draws_around_a_place(open_map):
    page = open_map(NEAR, who="wanzhou", viewport=PHONE, has_touch=True)
    page.locator("[data-tool=point]").tap()
    page.locator("#map canvas").tap(position={"x": 180, "y": 360})
    expect(page.locator("#panel")).to_contain_text("周边 500 米")
    page.get_by_role("button", name="清除绘制").tap()
    expect(page.locator("#panel")).to_be_hidden()


def test_the_strip_shows_another_day_and_leads_back_to_now(open_map):
    page = open_map(f"?whole=1{NEAR}", who="wanzhou")
    expect(page.locator("#total")).to_have_text("16")
    page.locator("#days").focus()
    page.keyboard.press("Home")
    expect(page.locator("#as-of-banner")).to_contain_text("监测站不显示")
    expect(page.locator("#list-state")).to_contain_text("没有符合的点位")
    day = (datetime.now(UTC) + timedelta(hours=8) - timedelta(days=730)).date().isoformat()
    expect(page).to_have_url(re.compile(re.escape(f"as_of={day}")))
    page.reload()
    expect(page.locator("#as-of-day")).to_have_text(day)
    expect(page.locator("#days-words")).to_have_text(day)
    page.get_by_role("button", name="回到现在").click()
    expect(page.locator("#total")).to_have_text("16")
    expect(page.locator("#as-of-banner")).to_be_hidden()


def test_a_point_of_another_day_says_so(open_map, stage):
    page = open_map(f"?as_of=2020-01-01{NEAR}&point={stage.ids['point']}", listed=False)
    expect(page.locator("#panel")).to_contain_text("当日此点位尚未入册")


def test_layers_are_put_away_in_the_address_and_the_legend_follows(open_map):
    page = open_map(f"#map=13/{IN_GAOSUNTANG.y}/{IN_GAOSUNTANG.x}")
    expect(page.locator("#legend-points")).to_be_visible()
    page.locator("[data-layer=points]").click()
    expect(page.locator("#legend-points")).to_be_hidden()
    expect(page).to_have_url(re.compile("hide=points"))
    page.go_back()
    expect(page.locator("#legend-points")).to_be_visible()


def test_a_view_is_kept_shared_opened_and_removed_with_a_way_back(open_map):
    page = open_map(f"?grade=I&polygon={AROUND}{NEAR}", who="wanzhou")
    page.locator("#views summary").click()
    page.get_by_label("视图名称").fill("高笋塘一级")
    page.get_by_text("共享给本区域").click()
    page.get_by_role("button", name="保存此视图").click()
    expect(page.locator("#view-list")).to_contain_text("高笋塘一级")
    street = open_map("", who="street")
    street.locator("#views summary").click()
    street.locator("#view-list a").click()
    expect(street.locator("#total")).to_have_text("1")
    expect(street.locator("#sketch-bar")).to_be_visible()
    page.get_by_role("button", name="删除视图“高笋塘一级”").click()
    expect(page.locator("#view-none")).to_be_visible()
    page.get_by_role("button", name="撤销").click()
    expect(page.locator("#view-list")).to_contain_text("高笋塘一级")
    page.locator("#views summary").click()
    page.get_by_role("button", name="删除视图“高笋塘一级”").click()
    expect(page.locator("#view-none")).to_be_visible()
