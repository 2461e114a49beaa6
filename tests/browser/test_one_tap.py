"""One tap in three windows: the city orders, the district passes on, the crew answers by thumb."""

import re

from playwright.sync_api import expect
from sqlalchemy import update

from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.duty.models import Crew
from tests.browser.windows import WHAT, cast, crew_with_order, order_crew, order_from, window
from tests.browsing import PHONE, hold
from tests.patrols import load_reference
from tests.world import IN_GAOSUNTANG

__all__ = ["cast", "window"]


def test_a_city_order_is_answered_by_a_crew_and_seen_without_reloading(window, live_server):
    city = order_from(window("city", "/"), live_server)
    city.evaluate("window.notReloaded = true")
    crew = window("crew", "/crew", viewport=PHONE)
    expect(crew.get_by_text("目前没有指令")).to_be_visible()

    district = window("wanzhou", "/inbox")
    district.get_by_role("button", name="收到").click()
    expect(city.locator(".tree")).to_contain_text("万主任")
    district.get_by_role("link", name=WHAT).click()
    district.get_by_label("高笋塘街道指挥中心").check()
    district.get_by_role("button", name="向下传达").click()
    expect(city.locator(".tree")).to_contain_text("高笋塘街道指挥中心")

    street = window("street", "/inbox")
    street.get_by_role("button", name="收到").click()
    street.get_by_role("link", name=WHAT).click()
    street.get_by_label("高笋塘抢险一队").check()
    street.get_by_role("button", name="向下传达").click()

    expect(crew.get_by_role("heading", name=WHAT)).to_be_visible()
    expect(city.locator(".tree [data-state=seen]").first).to_be_visible()
    crew.get_by_role("button", name="收到").click()
    expect(city.get_by_text("已一贯到底")).to_be_visible()
    expect(city.locator(".tree")).to_contain_text("李队长")
    # A blink of the line that the open stream outlives.
    crew.context.set_offline(True)
    expect(crew.get_by_text("没有信号")).to_be_visible()
    crew.context.set_offline(False)
    expect(crew.get_by_text("没有信号")).to_be_hidden()
    crew.get_by_role("button", name="已出发").click()
    expect(city.locator("#tree-part")).to_contain_text("已出发")
    crew.get_by_role("button", name="已到场").click()
    expect(city.locator("#tree-part")).to_contain_text("已到场")
    crew.get_by_label("备注").locator("visible=true").fill("12 人已撤")
    crew.get_by_role("button", name="已完成").click()
    expect(crew.get_by_text("辛苦了")).to_be_visible()
    expect(city.get_by_text("全部完成")).to_be_visible()
    expect(city.locator(".timeline")).to_contain_text("12 人已撤")
    expect(city.locator(".timeline li", has_text="已到场")).to_contain_text("手动")
    assert city.evaluate("window.notReloaded")
    city.set_viewport_size({"width": 1024, "height": 700})
    city.goto(f"{live_server.url}/incidents")
    row = city.locator(".order-rows a", has_text=WHAT)
    # Many crews, many silent, some who cannot: the figures of a great night.
    row.locator(".counts").evaluate("(one) => { one.innerHTML = one.innerHTML.repeat(3); }")
    assert row.evaluate("(one) => one.scrollWidth <= one.clientWidth")


def test_one_tap_sends_the_plan_and_the_crew_that_fits_hears_it(
    window, live_server, cast, sessions
):
    load_reference(sessions)
    with unit_of_work(sessions, SYSTEM) as session:
        fits = Crew.id == cast.crews["gaosuntang"]
        session.execute(update(Crew).where(fits).values(place=IN_GAOSUNTANG))
    crew = window("crew", "/crew", viewport=PHONE)
    expect(crew.get_by_text("目前没有指令")).to_be_visible()
    city = window("city", f"/incidents/new?lon={IN_GAOSUNTANG.x}&lat={IN_GAOSUNTANG.y}")
    city.get_by_label("发生了什么").fill("沿江路积水")
    city.get_by_label("灾种").select_option("waterlogging")
    city.get_by_role("button", name="登记突发事件").click()
    city.get_by_role("link", name="一键下达").click()
    first = city.locator("#row-0")
    first.get_by_label("做什么").fill("全员到岗会商")
    first.get_by_label("时限（分钟）").fill("10")
    patrol = city.locator("[data-row]", has_text="巡查易涝点")
    expect(patrol.get_by_label("队伍")).to_contain_text("高笋塘抢险一队")
    city.get_by_label("下达第 4 项行动").uncheck()
    expect(city.locator("#summary")).to_contain_text("将下达 3 条指令")
    issued = city.get_by_role("heading", name="一并下达：沿江路积水")
    hold(city, "一键下达", until=lambda: expect(issued).to_be_visible())
    expect(city.locator(".order-rows > li")).to_have_count(3)
    expect(city.get_by_text("全员到岗会商")).to_be_visible()
    expect(crew.get_by_role("heading", name="巡查易涝点")).to_be_visible()
    crew.get_by_role("button", name="收到").first.click()
    expect(city.locator(".order-rows")).to_contain_text("1 支队伍中 1 支已应答")


def test_what_a_crew_presses_while_the_server_is_dead_is_kept_and_sent(
    window, live_server, people, cast
):
    street, crew = crew_with_order(window, live_server, people, cast)
    crew.get_by_role("button", name="收到").click()
    expect(street.get_by_text("已一贯到底")).to_be_visible()
    live_server.kill()
    crew.get_by_role("button", name="已出发").click()
    expect(crew.locator("#outbox")).to_contain_text("已排队，待发送")
    crew.get_by_role("button", name="已到场").click()
    expect(crew.locator("#outbox li")).to_have_count(2)
    expect(street.get_by_text("起断线")).to_be_visible()
    live_server.start()
    expect(crew.locator("#outbox li")).to_have_count(0)
    expect(street.locator("#tree-part")).to_contain_text("已到场")
    expect(street.locator("#timeline-head + *, .timeline")).to_contain_text("已出发")
    expect(street.locator("#link-state")).to_have_text("实时")


def test_what_was_pressed_offline_survives_a_reload_of_the_page(window, live_server, people, cast):
    street, crew = crew_with_order(window, live_server, people, cast)
    crew.route("**/api/v1/**", lambda route: route.abort())
    crew.get_by_role("button", name="收到").click()
    expect(crew.locator("#outbox")).to_contain_text("收到")
    crew.reload()
    expect(crew.locator("#outbox")).to_contain_text("收到")
    expect(crew.get_by_role("button", name="已出发")).to_be_visible()
    crew.unroute("**/api/v1/**")
    expect(crew.locator("#outbox li")).to_have_count(0)
    expect(street.locator("#tree-part")).to_contain_text("李队长")


def test_what_is_pressed_before_the_script_is_there_waits_for_it(window, live_server, people, cast):
    crew_with_order(window, live_server, people, cast)
    late = []

    def keep(route):
        late.append(route)

    crew = window("crew", "/sign-in", viewport=PHONE)
    crew.route("**/js/crew.js", keep)
    crew.route("**/api/v1/hops/**", lambda route: route.abort())
    crew.goto(f"{live_server.url}/crew", wait_until="commit")
    crew.get_by_role("button", name="收到").click()
    expect(crew.locator("#outbox li")).to_have_count(0)
    for script in late:
        script.continue_()
    expect(crew.locator("#outbox")).to_contain_text("收到")


def test_a_page_drawn_anew_under_the_finger_loses_no_tap(window, live_server, people, cast):
    street, crew = crew_with_order(window, live_server, people, cast)
    other = window("street", "/orders/new")
    crew.get_by_role("button", name="收到").hover()
    crew.mouse.down()
    with crew.expect_response("**/crew") as fresh:
        order_crew(other, "清理雨水口")
    fresh.value.finished()
    crew.evaluate("new Promise(requestAnimationFrame)")
    crew.mouse.up()
    expect(street.get_by_text("已一贯到底")).to_be_visible()
    expect(crew.get_by_text("清理雨水口")).to_be_visible()


def test_a_crew_that_cannot_says_why_and_the_street_sends_another(
    window, live_server, people, cast
):
    street, crew = crew_with_order(window, live_server, people, cast)
    crew.get_by_text("不能", exact=True).click()
    crew.get_by_label("为什么不能").fill("路断了")
    crew.get_by_role("button", name="退回上级").click()
    expect(crew.get_by_text("您已回复不能：路断了")).to_be_in_viewport()
    expect(street.locator("#tree-part")).to_contain_text("路断了")
    expect(street.get_by_text("尚未到底")).to_be_visible()


def test_enter_asks_once_more_a_tap_is_told_to_hold_and_the_keyboard_can(window, live_server, cast):
    street = window("street", "/orders/new")
    street.get_by_label("做什么").fill(WHAT)
    street.get_by_label("在哪里").fill("沿江路")
    street.get_by_label("高笋塘抢险一队").check()
    street.get_by_label("在哪里").press("Enter")
    expect(street.get_by_role("heading", name="下达这条指令？")).to_be_visible()
    street.get_by_role("button", name="修改").click()
    expect(street.get_by_label("做什么")).to_have_value(WHAT)
    button = street.get_by_role("button", name="下达指令")
    expect(button).to_have_attribute("data-armed", "")
    expect(street.get_by_text("在输入框里按回车会再确认一次")).to_be_visible()
    button.click()
    expect(street.get_by_text("请按住不放")).to_be_visible()
    button.focus()
    street.keyboard.down("Space")
    street.wait_for_url(re.compile(r"/orders/[0-9a-f-]{36}$"))


def test_the_crews_page_works_without_javascript(window, live_server, people, cast):
    crew_with_order(window, live_server, people, cast)
    crew = window("crew", "/crew", viewport=PHONE, java_script_enabled=False)
    for button in ("收到", "已出发", "已到场", "已开始处置", "已完成"):
        crew.get_by_role("button", name=button).click()
    expect(crew.get_by_text("辛苦了")).to_be_visible()


def test_the_crews_page_weighs_little_and_its_targets_fit_a_glove(
    window, live_server, people, cast
):
    _, crew = crew_with_order(window, live_server, people, cast)
    crew.reload()
    expect(crew.get_by_role("heading", name=WHAT)).to_be_visible()
    weight = crew.evaluate(
        """() => performance.getEntriesByType("resource")
          .concat(performance.getEntriesByType("navigation"))
          .reduce((sum, entry) => sum + entry.decodedBodySize, 0)"""
    )
    assert 5_000 < weight <= 60_000
    small = crew.evaluate(
        """() => [...document.querySelectorAll("main a, main button, main summary, main input")]
          .filter((e) => e.type !== "hidden" && e.offsetParent)
          .filter((e) => e.getBoundingClientRect().height < 48)
          .map((e) => e.outerHTML)"""
    )
    assert small == []
    assert crew.evaluate("document.documentElement.scrollWidth <= innerWidth")
