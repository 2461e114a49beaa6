"""Where an incident is entered: a slip is told on the form, and what was done goes back."""

import re
from urllib.parse import quote

from playwright.sync_api import expect

from tests.browser.windows import cast, window
from tests.world import IN_GAOSUNTANG

__all__ = ["cast", "window"]

HOLDING = re.compile("holding")


def enter(street, title, *, lon=IN_GAOSUNTANG.x):
    street.get_by_label("发生了什么").fill(title)
    street.get_by_label("灾种").select_option("landslide")
    street.get_by_label("经度").fill(str(lon))
    street.get_by_label("纬度").fill(str(IN_GAOSUNTANG.y))
    street.get_by_role("button", name="登记突发事件").click()


def test_a_slip_is_told_on_the_form_two_are_joined_and_that_is_undone(window, live_server):
    street = window("street", "/incidents/new")
    enter(street, "后坡滑动", lon="东经108")
    expect(street.get_by_role("alert")).to_contain_text("经度和纬度应为数字")
    expect(street.get_by_label("发生了什么")).to_have_value("后坡滑动")
    find = street.get_by_role("combobox", name="查找位置")
    find.fill("北纬30.81 东经108.36")
    expect(street.locator("#found [role=option]")).to_contain_text("108.360000, 30.810000")
    find.press("Enter")
    expect(street.get_by_label("经度")).to_have_value("108.360000")
    expect(street.get_by_label("纬度")).to_have_value("30.810000")
    enter(street, "后坡滑动")
    expect(street.get_by_role("link", name="写首报")).to_be_visible()
    street.goto(f"{live_server.url}/incidents/new")
    enter(street, "沿江路塌方")
    street.get_by_label("是另一件").check()
    street.get_by_role("button", name="继续").click()
    street.get_by_label("与此为同一件").select_option(index=1)
    street.get_by_role("button", name="合并").click()
    expect(street.locator(".flash")).to_contain_text("已合并为一件")
    undo = street.locator(".flash").get_by_role("button", name="撤销")
    street.route("**/incidents/*/*", lambda route: route.abort())
    undo.click()
    expect(street.locator(".flash")).to_contain_text("没有送达服务器")
    street.unroute("**/incidents/*/*")
    undo.click()
    expect(street.locator(".timeline")).to_contain_text("移出")


def first_report(window):
    """Open the first report of an incident; give its page and the button that sends it."""
    street = window("street", "/incidents/new")
    enter(street, "后坡滑动")
    street.get_by_role("link", name="写首报").click()
    button = street.get_by_role("button", name="上报")
    expect(button).to_have_attribute("data-armed", "")
    return street, button


def test_who_only_presses_is_told_to_hold(window):
    street, button = first_report(window)
    button.click()
    expect(street.get_by_text("请按住不放")).to_be_visible()


def test_a_hand_that_holds_still_holds_on_when_the_page_moves_and_one_that_slides_off_does_not(
    window,
):
    street, button = first_report(window)
    button.hover()
    street.mouse.down()
    expect(button).to_have_class(HOLDING)
    street.mouse.move(5, 5)
    expect(button).not_to_have_class(HOLDING)
    street.mouse.up()
    button.hover()
    with street.expect_navigation():
        street.mouse.down()
        street.evaluate("document.querySelector('main').style.paddingTop = '300px'")
    street.mouse.up()
    expect(street.locator("main")).to_contain_text("首报 第 1 号")


def test_an_area_that_is_known_is_in_sight_at_once_and_keys_alone_draw_on_the_map(window):
    corners = "108.30 30.75\n108.34 30.75\n108.34 30.79\n108.30 30.79"
    street = window("street", f"/incidents/new?then=proposal&area={quote(corners)}")
    expect(street.locator("#pick-map[data-drawn]")).to_be_attached()
    lon, lat, area = (street.locator(f"#{name}") for name in ("lon", "lat", "area"))
    street.locator("#pick-map canvas").focus()
    street.keyboard.press("Space")
    expect(lon).to_have_value("108.320000")
    expect(lat).to_have_value(re.compile(r"^30\.77000"))
    area.fill("108.36 30.80\n108.40 30.80\n108.40 30.84")
    area.blur()
    street.get_by_label("范围的一个角点").check()
    street.wait_for_function("document.querySelector('#pick-map').dataset.drawn")
    street.locator("#pick-map canvas").focus()
    street.keyboard.press("Enter")
    expect(area).to_have_value(re.compile(r"30\.84\n108\.3800\d\d 30\.8200\d\d$"))
    expect(street.get_by_role("button", name="登记，去一键下达")).to_be_visible()
