"""Windows of the people of one night: each person a browser of his own."""

import pytest
from playwright.sync_api import expect

from tests.browsing import PHONE, hold
from tests.cast import build_cast
from tests.world import IN_GAOSUNTANG

WHAT = "撤离河边住户"


@pytest.fixture
def cast(sessions, world):
    return build_cast(sessions)


@pytest.fixture
def window(live_server, new_page, people, cast):
    """`window("city", "/orders/new")` opens that person's browser there."""

    def begin(who, path, **more):
        page = new_page(live_server.url, token=people.token(cast.accounts[who]), **more)
        page.goto(live_server.url + path)
        return page

    return begin


def order_from(city, live_server):
    """Open an incident, order one district by holding the button; give the order's page."""
    city.goto(f"{live_server.url}/incidents/new?lon={IN_GAOSUNTANG.x}&lat={IN_GAOSUNTANG.y}")
    city.get_by_label("发生了什么").fill("沿江路积水")
    city.get_by_label("灾种").select_option("waterlogging")
    city.get_by_role("button", name="登记突发事件").click()
    city.get_by_role("link", name="新指令").click()
    city.get_by_label("做什么").fill(WHAT)
    city.get_by_label("紧急程度").select_option("flash")
    city.get_by_label("万州区指挥中心").check()
    expect(city.locator("#summary")).to_contain_text("将下达给 1 个对象：万州区指挥中心")
    hold(city, "下达指令")
    expect(city.locator(".tree")).to_contain_text("万州区指挥中心")
    return city


def order_crew(street, what):
    street.get_by_label("做什么").fill(what)
    street.get_by_label("在哪里").fill("沿江路")
    street.get_by_label("高笋塘抢险一队").check()
    hold(street, "下达指令")


def crew_with_order(window, live_server, people, cast):
    """A street orders its crew; give the street's and the crew's windows."""
    street = window("street", "/orders/new")
    order_crew(street, WHAT)
    crew = window("crew", "/crew", viewport=PHONE)
    expect(crew.get_by_role("heading", name=WHAT)).to_be_visible()
    return street, crew
