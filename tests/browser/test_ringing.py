"""A phone rings until its person has answered: on the crew's page and on the one of calls."""

import re

from playwright.sync_api import expect

from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.calls import service
from rescue_app.http.dependencies import now
from tests.browser.windows import WHAT, cast, order_crew, window
from tests.browsing import PHONE
from tests.calling import draft

__all__ = ["cast", "window"]
LISTEN = """
window.shaken = 0; window.sounded = 0;
navigator.vibrate = () => { window.shaken += 1; return true; };
const Quiet = window.AudioContext;
window.AudioContext = class extends Quiet { constructor() { super(); window.sounded += 1; } };
"""
AGAIN_MS = 5_000


def listening(window, who, path):
    """Open a page whose phone counts how often it shook and sounded; touched once."""
    page = window(who, "/outbox", viewport=PHONE)
    page.clock.install()
    page.add_init_script(LISTEN)
    page.goto(re.sub("/outbox$", path, page.url))
    page.locator("main").click()
    return page


def rang(page, times):
    page.wait_for_function("times => shaken >= times && sounded >= times", arg=times)


def is_still(page):
    before = page.evaluate("shaken")
    page.clock.fast_forward(2 * AGAIN_MS)
    assert page.evaluate("shaken") == before


def test_an_order_shakes_and_sounds_until_the_crew_has_answered(window):
    crew = listening(window, "crew", "/crew")
    order_crew(window("street", "/orders/new"), WHAT)
    expect(crew.get_by_role("heading", name=WHAT)).to_be_visible()
    rang(crew, 1)
    crew.clock.fast_forward(AGAIN_MS)
    rang(crew, 2)
    crew.get_by_role("button", name="收到").click()
    expect(crew.locator("[data-stage=moving]")).to_be_visible()
    is_still(crew)


def test_a_call_rings_until_it_is_answered_and_its_page_says_whether_it_hears(
    window, sessions, cast, live_server
):
    phone = listening(window, "crew", "/calls")
    line = phone.locator("#link-state")
    expect(line).to_have_text("实时")
    with unit_of_work(sessions, SYSTEM) as session:
        service.open_call(session, draft(cast), now=now())
    expect(phone.get_by_role("heading", name="到高笋塘下穿道抽水")).to_be_visible()
    rang(phone, 1)
    phone.clock.fast_forward(AGAIN_MS)
    rang(phone, 2)
    phone.get_by_role("button", name="收到").click()
    expect(phone.locator(".said").first).to_contain_text("收到")
    is_still(phone)
    live_server.kill()
    expect(line).to_contain_text(re.compile("[0-9]{2}:[0-9]{2} 起断线"))
    live_server.start()
    expect(line).to_have_text("实时")
