"""A crew says by a label that it has arrived where there is no line: kept, shown, sent once."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from playwright.sync_api import expect
from shapely import Point

from gis.authority import Role
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from rescue_app.dispatch import service as dispatch
from rescue_app.dispatch.drafts import OrderDraft, Target
from rescue_app.dispatch.rules import Urgency
from tests.browser.phones import app, rows
from tests.cast import build_cast
from tests.patrols import labelled, load_reference
from tests.world import GAOSUNTANG, IN_GAOSUNTANG

__all__ = ["app"]
# Near enough for a label to prove it, too far for the phone's own place to say it first.
BESIDE = Point(IN_GAOSUNTANG.x + 0.002, IN_GAOSUNTANG.y)
ARRIVED = "select how, done_at < received_at from assignment_step where kind = 'arrived'"


@pytest.fixture
def cast(sessions, world):
    return build_cast(sessions)


@pytest.fixture
def labels(client, sign_in, sessions, world):
    """The codes of an asset at the order's place, and of one a kilometre away."""
    load_reference(sessions)
    sign_in(client, Role.STREET_COMMANDER, GAOSUNTANG, "高书记")
    far = Point(IN_GAOSUNTANG.x + 0.012, IN_GAOSUNTANG.y)
    return labelled(client).code, labelled(client, name="苎溪河桥", at=far).code


@pytest.fixture
def on_the_way(app, cast, labels, people, sessions):
    """A crew's phone under way to an order; give its page, and the token that opens it anew."""
    asks = uuid4(), "撤离河边住户", "沿江路", Urgency.FLASH
    order = OrderDraft(*asks, (Target.parse(cast.crew("gaosuntang")),), place=BESIDE)
    with unit_of_work(sessions, SYSTEM) as session:
        dispatch.issue(session, draft=order, by=cast.actor("street"), now=datetime.now(UTC))
    token = people.token(cast.accounts["crew"])
    page = app(token)
    page.goto("/crew")
    for name in ("收到", "已出发"):
        page.get_by_role("button", name=name).click()
    expect(page.locator("li[data-step=moving].done")).to_be_visible()
    expect(page.get_by_text("没有网络也能打开本页")).to_be_visible()
    return page, token


def by_label(page):
    return page.locator("form[data-arrival]").get_by_role("button", name="按扫码")


def test_a_label_scanned_without_a_line_says_the_arrival_on_the_order_s_page(
    on_the_way, labels, live_server, owner
):
    page, _ = on_the_way
    here, far = labels
    live_server.kill()
    page.goto(f"/c/{far}")
    by_label(page).click()
    expect(page.locator("li[data-step=arrived].queued")).to_be_visible()
    live_server.start()
    expect(page.locator("#outbox li.refused")).to_contain_text("这个码不在")
    expect(page.get_by_role("button", name="已到场", exact=True)).to_be_visible()

    live_server.kill()
    page.goto(f"/c/{here}")
    by_label(page).click()
    expect(by_label(page)).to_have_count(0)
    expect(page.locator("#outbox li:not(.refused)")).to_contain_text("待发送：已到场 · 按扫码")
    expect(page.get_by_role("button", name="已开始处置")).to_be_visible()
    live_server.start()
    expect(page.locator("li[data-step=arrived].done")).to_be_visible()
    assert rows(owner, ARRIVED) == [("scan", True)]


def test_an_arrival_pressed_on_a_label_s_page_outlives_the_line_and_the_app(
    on_the_way, app, labels, live_server, owner
):
    page, token = on_the_way
    page.goto(f"/c/{labels[0]}")
    live_server.kill()
    page.get_by_role("button", name="已到场：撤离河边住户").dblclick()
    expect(page.get_by_text("已存在本机，有网会自动送出")).to_be_visible()

    page = app(token)
    page.goto("/crew")
    expect(page.locator("#outbox li")).to_contain_text("待发送：已到场：撤离河边住户")
    expect(page.locator("li[data-step=arrived].queued")).to_be_visible()
    live_server.start()
    expect(page.locator("li[data-step=arrived].done")).to_be_visible()
    expect(page.locator("#outbox li")).to_have_count(0)
    assert rows(owner, ARRIVED) == [("scan", True)]
