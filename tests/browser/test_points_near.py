"""Entering a point: the page tells what it may be the same as, and stands in nobody's way."""

import pytest
from playwright.sync_api import expect

from tests.browser import checks
from tests.browsing import PHONE


@pytest.fixture
def form(new_page, stage):
    """`form("/points/new?…")`: the form as the planner of the district has it."""

    def do(address, **more):
        page = new_page(stage.url, token=stage.tokens["planner"], **more)
        page.goto(stage.url + address)
        return page

    return do


def test_like_points_appear_as_soon_as_there_is_a_place(form):
    page = form("/points/new")
    hint = page.locator("[data-near]")
    expect(hint).to_be_empty()
    page.get_by_label("经度").fill("108.3281")
    expect(hint).to_be_empty()
    page.get_by_label("纬度").fill("30.78336")
    expect(hint).to_contain_text("大石坡 1 号")
    page.get_by_label("灾种").select_option("waterlogging")
    expect(hint).to_contain_text("没有相似点位")
    page.get_by_label("名称").fill("大石坡滑坡")
    expect(hint).to_contain_text("大石坡 1 号")
    page.get_by_label("纬度").press("Tab")
    link = hint.get_by_role("link")
    expect(link).to_be_focused()
    with page.context.expect_page() as beside:
        page.keyboard.press("Enter")
    expect(beside.value.locator("h1")).to_have_text("大石坡 1 号")
    page.get_by_label("纬度").fill("30.9")
    expect(hint).to_contain_text("没有相似点位")


def test_a_click_on_the_map_is_a_place(form):
    page = form("/points/new?longitude=108.3281&latitude=30.78336&hazard_type=landslide")
    small = page.locator("#pick-map")
    expect(small).to_have_attribute("data-drawn", "true")
    expect(page.locator("[data-near]")).to_contain_text("大石坡 1 号")
    box = small.bounding_box()
    small.click(position={"x": box["width"] * 0.9, "y": 40})
    expect(page.locator("[data-near]")).to_contain_text("没有相似点位")
    assert float(page.get_by_label("经度").input_value()) > 108.3281
    assert float(page.get_by_label("纬度").input_value()) > 30.78336


def test_the_hint_is_accessible_and_fits_a_phone(form):
    address = "/points/new?longitude=108.3281&latitude=30.78336"
    for scheme in ("light", "dark"):
        page = form(address, viewport=PHONE | {"width": 360}, color_scheme=scheme)
        expect(page.locator("[data-near]")).to_contain_text("大石坡 1 号")
        assert checks.overflow(page) <= 0
        assert checks.breaches(page) == []


def test_whoever_reviews_a_new_point_sees_them_too(form, stage):
    page = form(f"/cases/{stage.ids['new_case']}")
    hint = page.locator("[data-near]")
    expect(hint).to_contain_text("相似点位")
