"""A crew's day that goes wrong: no line, the app killed, the clock wrong, another on the phone."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from rescue_app.dispatch import service as dispatch
from rescue_app.dispatch.drafts import OrderDraft, Target
from rescue_app.dispatch.rules import Urgency
from tests.browser.phones import app, rows
from tests.cast import build_cast

__all__ = ["app"]
pytestmark = pytest.mark.usefixtures("world")


def test_a_crew_whose_app_dies_without_a_line_finds_its_order_and_all_that_it_said(
    app, sessions, people, live_server, owner
):
    cast = build_cast(sessions)
    targets = (Target.parse(cast.crew("gaosuntang")),)
    words = ("先接老弱病残", "Fetch the frail first"), ("逐户清点", "Count every household")
    checklist = tuple({"zh": zh, "en": en} for zh, en in words)
    asks = uuid4(), "撤离河边住户", "沿江路", Urgency.FLASH, targets
    order = OrderDraft(*asks, checklist=checklist)
    with unit_of_work(sessions, SYSTEM) as session:
        dispatch.issue(session, draft=order, by=cast.actor("street"), now=datetime.now(UTC))
    mine = people.token(cast.accounts["crew"])
    page = app(mine)
    page.goto("/crew")
    with page.expect_response("**/places") as place:
        page.get_by_role("button", name="收到").click()
    assert place.value.ok, "a place is sent before the word that it belongs to"
    expect(page.locator("[data-stage=moving]")).to_be_visible()
    expect(page.get_by_text("没有网络也能打开本页")).to_be_visible()
    live_server.kill()
    page.get_by_role("button", name="已出发").click()
    expect(page.locator("#outbox li")).to_have_count(1)

    page = app(mine)
    page.goto("/crew")
    expect(page.get_by_role("heading", name="撤离河边住户")).to_be_visible()
    page.get_by_role("button", name="已到场").click()
    page.get_by_role("button", name="已开始处置").click()
    expect(page.locator("#outbox li")).to_have_count(3)
    frail, count = (page.get_by_role("button", name=zh) for zh, _ in words)
    for one in (frail, count, count):
        one.click()
    expect(frail).to_contain_text("存在本机，待发送")
    expect(page.locator("[data-count]")).to_have_text("1/2")
    page.goto("/outbox")
    waits = page.locator("#outbox li[data-state=waiting]")
    expect(waits).to_have_count(6)
    expect(waits.first).to_contain_text("已出发 · 撤离河边住户")
    live_server.start()

    page = app(mine)
    page.goto("/crew")
    expect(page.locator("li[data-step=working].done")).to_be_visible()
    expect(page.locator("#outbox li")).to_have_count(0)
    expect(page.get_by_role("button", name="先接老弱病残")).to_contain_text("李队长")
    expect(page.get_by_role("button", name="逐户清点", pressed=False)).to_be_visible()
    page.goto("/outbox")
    expect(page.locator("#outbox li[data-state=sent]")).to_have_count(7)
    told = rows(owner, "select kind from assignment_step order by done_at")
    said = ["seen", "accepted", "moving", "arrived", "working"]
    assert [kind for (kind,) in told] == said
    done = "select item, ticked from checklist_tick order by done_at"
    assert rows(owner, done) == [(0, True), (1, True), (1, False)]
