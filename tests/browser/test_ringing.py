"""A phone rings until its person has answered: on the crew's page and on the one of calls."""

import re
from datetime import timedelta

from playwright.sync_api import expect

from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.calls import service
from hazards.duty import turns
from rescue_app.dispatch import service as dispatch
from rescue_app.dispatch.drafts import OrderDraft, Target
from rescue_app.dispatch.rules import Urgency
from rescue_app.http.dependencies import now
from tests.browser.windows import WHAT, cast, order_crew, window
from tests.browsing import PHONE
from tests.calling import draft, tick
from tests.teams import seat_members
from tests.world import GAOSUNTANG

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


def test_who_is_off_duty_sees_an_order_and_hears_it_once_a_rung_calls_him(window, sessions, cast):
    mate = seat_members(sessions, cast)["郑队员"]
    street = cast.actor("street")
    with unit_of_work(sessions, Scope.of(street)) as session:
        turns.begin(session, member_id=mate, until=None, by=street, now=now())
    crew = listening(window, "crew", "/crew")
    order_crew(window("street", "/orders/new"), WHAT)
    expect(crew.get_by_role("heading", name=WHAT)).to_be_visible()
    expect(crew.get_by_role("button", name="收到")).to_be_visible()
    tick(sessions, now())
    is_still(crew)
    assert crew.evaluate("shaken") == 0
    tick(sessions, now() + timedelta(hours=1))
    rang(crew, 1)


def test_an_order_is_seen_and_sounds_while_somebody_writes_why_he_cannot(window, sessions, cast):
    order_street(sessions, cast, "守住桥头")
    inbox = listening(window, "street", "/inbox")
    mine = inbox.get_by_role("region", name="守住桥头")
    mine.locator("summary").click()
    mine.get_by_label("为什么不能").fill("路断了")
    order_street(sessions, cast, WHAT)
    expect(inbox.get_by_role("region", name=WHAT)).to_be_visible()
    rang(inbox, 1)
    expect(mine.get_by_label("为什么不能")).to_have_value("路断了")
    mine.get_by_role("button", name="退回上级").click()
    expect(mine).to_have_attribute("data-state", "cannot")
    expect(inbox.get_by_role("region", name=WHAT)).to_be_visible()


def order_street(sessions, cast, what):
    targets = (Target.parse(cast.unit(GAOSUNTANG)),)
    by = cast.actor("wanzhou")
    draft = OrderDraft(new_id(), what, "沿江路", Urgency.FLASH, targets)
    with unit_of_work(sessions, Scope.of(by)) as session:
        dispatch.issue(session, draft=draft, by=by, now=now())


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
