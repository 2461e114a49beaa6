"""Finding one's way on the map: search box, filters, list, coordinates, links and the way back."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from gis import crs
from tests.world import GAOSUNTANG, IN_GAOSUNTANG, WANZHOU

NEAR = f"#map=13/{IN_GAOSUNTANG.y}/{IN_GAOSUNTANG.x}"


def test_filters_combine_into_chips_that_can_be_taken_away(open_map):
    page = open_map(who="wanzhou")
    expect(page.locator("#total")).to_have_text("16")
    page.keyboard.press("f")
    page.get_by_text("隐患点", exact=True).first.click()
    page.get_by_text("防范点", exact=True).first.click()
    expect(page.locator("#total")).to_have_text("8")
    page.locator(".grade-chip.red").click()
    expect(page.locator("#total")).to_have_text("2")
    expect(page).to_have_url(re.compile("category=.*category="))
    chips = page.locator("#chips .chip")
    expect(chips).to_have_text(["I 级", "隐患点", "防范点", "清除全部筛选"])
    page.get_by_role("button", name="去掉筛选：I 级").click()
    expect(page.locator("#total")).to_have_text("8")
    page.go_back()
    expect(page.locator("#total")).to_have_text("2")
    page.get_by_role("button", name="清除全部筛选").click()
    expect(page.locator("#total")).to_have_text("16")
    expect(page).not_to_have_url(re.compile("category="))


def test_the_list_goes_out_as_the_file_that_it_is(open_map):
    page = open_map("?grade=I&whole=1", who="wanzhou")
    expect(page.locator("#total")).to_have_text("2")
    page.locator("#list-export summary").click()
    with page.expect_download() as out:
        page.locator("#list-export button[value=csv]").click()
    rows = Path(out.value.path()).read_text(encoding="utf-8-sig").strip().splitlines()
    assert len(rows) == 1 + 2
    # What is out of sight belongs to the area, and to the list only if the whole area is meant.
    page.evaluate("location.hash = 'map=14/31.1/108.05'")
    expect(page.locator("#total")).to_have_text("2")
    page.get_by_text("整个区域").click()
    expect(page.locator("#list-state")).to_contain_text("没有符合的点位")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("108.35,30.80", "108.350000, 30.800000"),
        ("30.80 108.35", "纬度写在了前面"),
        ("30°48′00″N 108°21′00″E", "108.350000, 30.800000"),
    ],
)
def test_coordinates_fly_there_and_mark_the_place(open_map, typed, told):
    page = open_map(who="wanzhou")
    page.keyboard.press("/")
    page.keyboard.type(typed)
    expect(page.locator("#found [role=option]")).to_have_count(1)
    expect(page.locator("#total")).to_have_text("16")
    page.keyboard.press("Enter")
    expect(page.locator(".map-mark")).to_contain_text(told)
    expect(page.locator("#coordinates")).to_have_text("108.350000, 30.800000")
    expect(page.locator("#q")).to_have_value("")


def test_enter_means_what_stands_in_the_box_and_not_what_was_found_before(open_map):
    page = open_map(who="wanzhou")
    page.keyboard.press("/")
    page.keyboard.type("108.30,30.70")
    expect(page.locator("#found [role=option]")).to_have_count(1)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("108.35,30.80")
    page.keyboard.press("Enter")
    expect(page.locator(".map-mark")).to_contain_text("108.350000, 30.800000")


def test_an_area_is_gone_to_by_code_by_choice_and_back_again(open_map):
    page = open_map(who="wanzhou")
    page.locator("#q").fill("500101001")
    page.locator("#found").get_by_text("高笋塘街道").first.click()
    expect(page.locator("#trail [aria-current]")).to_have_text("高笋塘街道")
    expect(page.locator("#total")).to_have_text("8")
    expect(page).to_have_url(re.compile(re.escape(f"area={GAOSUNTANG.replace('/', '%2F')}")))
    page.reload()
    expect(page.locator("#total")).to_have_text("8")
    page.go_back()
    expect(page.locator("#trail [aria-current]")).to_have_text("万州区")
    page.locator("#trail .below").select_option(label="太白街道")
    expect(page.locator("#trail [aria-current]")).to_have_text("太白街道")
    expect(page.locator("#total")).to_have_text("8")
    page.locator(f'#trail [data-area="{WANZHOU}"]').click()
    expect(page.locator("#total")).to_have_text("16")


def test_the_sides_of_a_point_are_walked_with_the_arrows(open_map, stage):
    page = open_map(f"{NEAR}&point={stage.ids['point']}")
    page.get_by_role("tab", name="档案").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#tab-tasks")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="历史")).to_be_focused()
    expect(page.locator("#side-history")).to_contain_text("第 1 版")
    expect(page.locator("#side-record")).to_be_hidden()
    page.get_by_text("导航前往").click()
    expect(page.get_by_role("link", name="高德地图")).to_be_visible()


def test_the_pointer_s_coordinates_are_those_of_the_server_in_every_system(open_map):
    page = open_map(NEAR)
    places = [(73 + n * 0.207, 18 + (n * 7.3) % 35) for n in range(300)] + [(2.35, 48.85)]
    for name in (crs.GCJ02, crs.BD09):
        ours = page.evaluate(
            "async ([name, all]) => { const { SYSTEMS } = await import('/static/js/map-crs.js');"
            " return all.map((place) => SYSTEMS[name](place)); }",
            [name, places],
        )
        lon, lat = crs.from_wgs84([p[0] for p in places], [p[1] for p in places], crs=name)
        assert [v for pair in ours for v in pair] == pytest.approx(
            [v for pair in zip(lon, lat, strict=True) for v in pair], abs=1e-10
        )
    page.locator("#crs").select_option("GCJ-02")
    (x,), (y,) = crs.from_wgs84([IN_GAOSUNTANG.x], [IN_GAOSUNTANG.y], crs=crs.GCJ02)
    page.reload()
    page.wait_for_selector("[data-drawn]", state="attached")
    expect(page.locator("#crs")).to_have_value("GCJ-02")
    expect(page.locator("#coordinates")).to_have_text(re.compile(r"^[\d.]+, [\d.]+$"))
    lon, lat = map(float, page.locator("#coordinates").inner_text().split(","))
    assert (lon, lat) == pytest.approx((x, y), abs=1e-4)
