"""A call in two windows: it rings on a phone, one tap answers, and the desk sees each time."""

import json
import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.calls import service
from rescue_app.api.push import held_key
from rescue_app.auth.rules import token_hash
from rescue_app.channels import service as channels
from rescue_app.dispatch import service as orders
from rescue_app.dispatch.drafts import OrderDraft, Target
from rescue_app.dispatch.rules import Urgency
from rescue_app.http.dependencies import now
from tests import gateway
from tests.browsing import DESK, PHONE
from tests.calling import draft, rungs, tick
from tests.cast import build_cast
from tests.channelling import Device, Phones

SHOWN = """async () => {
  const made = await navigator.serviceWorker.getRegistration("/push/");
  return (await made.getNotifications()).map((each) => [each.title, each.body]);
}"""


@pytest.fixture
def cast(sessions, world):
    return build_cast(sessions)


@pytest.fixture
def windows(live_server, new_page, people, cast):
    """`windows("crew", "/calls")`: a signed-in window of this person."""

    def do(who, path, viewport=PHONE):
        page = new_page(live_server.url, token=people.token(cast.accounts[who]), viewport=viewport)
        page.goto(f"{live_server.url}{path}")
        return page

    return do


def call(sessions, cast, **more):
    with unit_of_work(sessions, SYSTEM) as session:
        return service.open_call(session, draft(cast, **more), now=now()).id


def test_a_call_comes_in_by_itself_and_one_tap_answers_it(sessions, cast, windows):
    phone = windows("crew", "/calls")
    desk = windows("wanzhou", "/calls/board", DESK)
    expect(phone.get_by_text("现在没有人叫您")).to_be_visible()
    call_id = call(sessions, cast)
    expect(phone.get_by_role("heading", name="到高笋塘下穿道抽水")).to_be_visible()
    expect(desk.locator(".asked > .muted", has_text="已看到")).to_be_visible()
    expect(desk.get_by_text(re.compile("还有 0[45]:[0-9]{2} → 副职 高书记"))).to_be_visible()
    first = rungs(sessions, call_id)[0]
    # "Delivered" is a message of its own, which may still be on its way.
    assert first.queued_at < first.seen_at
    assert first.answered_at is None
    phone.get_by_role("button", name="收到").click()
    expect(desk.get_by_text(re.compile("李队长 · 已应答"))).to_be_visible()


def test_cannot_is_two_taps_and_calls_the_deputy_at_once(sessions, cast, windows):
    phone, deputy = windows("crew", "/calls"), windows("street", "/calls")
    call(sessions, cast)
    phone.get_by_text("不能", exact=True).click()
    phone.get_by_role("button", name="道路中断").click()
    expect(phone.get_by_text("不能 ")).to_be_visible()
    expect(deputy.get_by_text("您作为副职被叫到")).to_be_visible()


def test_a_new_call_does_not_wait_for_somebody_who_is_typing(sessions, cast, windows):
    call(sessions, cast)
    phone = windows("crew", "/calls")
    phone.get_by_text("不能", exact=True).click()
    phone.get_by_label("其他原因").fill("桥断了")
    call(sessions, cast, text_zh="撤离沿江路住户")
    expect(phone.get_by_role("heading", name="撤离沿江路住户")).to_be_visible()
    expect(phone.get_by_role("textbox", name="其他原因")).to_have_value("桥断了")


def test_the_desk_enters_an_answer_that_came_by_radio(sessions, cast, windows):
    call_id = call(sessions, cast)
    tick(sessions, now())
    asked = windows("crew", f"/calls/{call_id}").get_by_role("link", name="我来应答")
    expect(asked).to_have_attribute("href", f"/calls?of={call_id}")
    desk = windows("wanzhou", f"/calls/{call_id}", DESK)
    expect(desk.get_by_role("link", name="我来应答")).to_have_count(0)
    desk.get_by_text("代录应答").click()
    desk.get_by_label("怎么得知").select_option("radio")
    desk.get_by_label("下一步").fill("两台泵,20 分钟到")
    desk.get_by_role("button", name="收到").click()
    expect(desk.get_by_role("cell", name=re.compile("对讲机 · 万主任"))).to_be_visible()


def test_silence_on_an_order_is_seen_climbing_on_the_commander_s_page(sessions, cast, windows):
    giver, issued = cast.actor("wanzhou"), now()
    order = OrderDraft(
        id=new_id(),
        what="到下穿道抽水",
        where="高笋塘下穿道",
        urgency=Urgency.FLASH,
        targets=(Target.parse(cast.crew("gaosuntang")),),
    )
    with unit_of_work(sessions, Scope.of(giver)) as session:
        orders.issue(session, draft=order, by=giver, now=issued)
    desk = windows("wanzhou", f"/orders/{order.id}", DESK)
    tick(sessions, issued)
    expect(desk.get_by_text(re.compile("李队长：正在叫"))).to_be_visible()
    tick(sessions, issued + timedelta(seconds=order.within_s))
    expect(desk.get_by_text(re.compile("升级中 → 上级 高书记"))).to_be_visible()
    windows("street", "/calls").get_by_role("button", name="收到").click()
    expect(desk.get_by_text("高书记 · 上级已接手")).to_be_visible()


def test_a_device_is_rung_only_after_a_press_and_tells_that_it_showed_the_call(
    sessions, cast, windows, live_server, people
):
    token, actor = people.token(cast.accounts["crew"]), cast.actor("crew")
    phone = windows("crew", "/reach")
    phone.context.grant_permissions(["notifications"], origin=live_server.url)
    line, workers = phone.context.new_cdp_session(phone), []
    line.on("ServiceWorker.workerRegistrationUpdated", lambda e: workers.extend(e["registrations"]))
    line.send("ServiceWorker.enable")
    button = phone.get_by_role("button", name="让这台设备响")
    expect(button).to_have_attribute("data-armed", "")
    assert workers == []
    button.click()
    # No push service can be reached from here, and the page says so. What follows is the worker's.
    expect(phone.get_by_text("没有成功")).to_be_visible()
    (worker,) = {each["registrationId"] for each in workers if each["scopeURL"].endswith("/push/")}
    with gateway.running() as outside:
        device = Device(outside.at("push"))
        with unit_of_work(sessions, Scope.of(actor)) as session:
            kept = channels.Device(device.endpoint, **device.keys, sign_in=token_hash(token))
            channels.add_device(session, kept, hosts=["127.0.0.1"], by=actor)
            held_key(session, now())
        call_id = call(sessions, cast)
        Phones(sessions, cast).tick(now())
        pushed = device.read(outside.received[0])
    told = {"origin": live_server.url, "registrationId": worker, "data": json.dumps(pushed)}
    desk = windows("wanzhou", f"/calls/{call_id}", DESK)
    line.send("ServiceWorker.deliverPushMessage", told)
    expect(desk.get_by_text("已到终端 李队长 · 设备通知")).to_be_visible()
    assert phone.evaluate(SHOWN) == [["一通 · 加急", "到高笋塘下穿道抽水"]]
    first = rungs(sessions, call_id)[0]
    assert first.delivered_at is not None
    assert first.answered_at is None
