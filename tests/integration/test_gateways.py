"""Messages leave by a gateway, and the gateway's word is worth what it is: never an answer."""

import json
import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from gis.errors import Forbidden
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.calls import service as calls
from hazards.calls.models import CallMessage
from hazards.calls.rules import EventKind, Urgency
from rescue_app.channels import sending
from rescue_app.channels.rules import GatewayKind
from tests.calling import (
    START,
    callee,
    draft,
    minutes,
    opened,
    rungs,
    says,
)
from tests.gateway import signed
from tests.integration.test_calls import state
from tests.outside import CREW_PHONE, DIGITS, cast, only, outside, phones

__all__ = ["cast", "outside", "phones"]


def test_a_message_leaves_signed_and_taken_is_not_delivered(sessions, cast, phones, outside):
    phones.gateway("短信", outside.at("accept/1"))
    call_id = opened(sessions, draft(cast))
    phones.tick(minutes(0.1))
    note = next(each for each in outside.received if each["path"] == "/accept/1")
    message, secret = json.loads(note["body"]), phones.secret("短信")
    headers = {name.lower(): value for name, value in note["headers"].items()}
    fits = signed(secret.key, secret.key_id, note["body"].encode(), int(headers["yitong-time"]))
    assert headers["yitong-signature"] == fits["yitong-signature"]
    assert message["to"] == {"name": "李队长", "phone": DIGITS}
    assert message["text"].startswith("到高笋塘下穿道抽水 回复 1 10 收到")
    first = rungs(sessions, call_id)[0]
    assert first.accepted_at is not None
    assert (first.delivered_at, first.seen_at, first.answered_at) == (None, None, None)
    assert message["id"] == str(only(phones.sent()).id)


def test_a_gateway_that_lies_does_not_stop_the_ladder(sessions, cast, phones, outside):
    phones.gateway("短信", outside.at("lie"))
    call_id = opened(sessions, draft(cast))
    phones.tick(minutes(0.1))
    phones.tick(minutes(5))
    assert state(sessions, call_id) == ("climbing", 1)
    assert [each.phone for each in phones.sent()] == [DIGITS, "13900002222"]


def test_one_that_hangs_holds_up_neither_the_others_nor_the_ladder(sessions, cast, phones, outside):
    hanging = phones.gateway("卡住", outside.at("hold"))
    well = phones.gateway("短信", outside.at("accept/beside"))
    lanes = sending.lanes_of(sessions, lambda: START)

    def through():
        for thread in threading.enumerate():
            if thread.name == str(well):
                thread.join()
        return [each for each in phones.sent() if each.gateway_id == well and each.accepted_at]

    first = opened(sessions, draft(cast, urgency=Urgency.FLASH))
    phones.tick(minutes(0.1), lanes)
    assert len(through()) == 1
    assert lanes.busy == [str(hanging)]
    opened(sessions, draft(cast, urgency=Urgency.FLASH), minutes(1))
    phones.tick(minutes(1.1), lanes)
    assert len(through()) == 2
    phones.tick(minutes(5), lanes)
    assert state(sessions, first) == ("climbing", 1)
    assert len(through()) == 4
    outside.go()
    lanes.wait()


def test_one_that_is_down_is_tried_again_and_shown_as_down(sessions, cast, phones, outside):
    phones.gateway("短信", outside.at("flaky/a"))
    opened(sessions, draft(cast))
    phones.tick(minutes(0))
    down = phones.row("短信")
    assert (down.failures, down.failing_since, down.last_why) == (1, minutes(0), "HTTP 503")
    assert only(phones.sent()).accepted_at is None
    phones.tick(minutes(0.02))  # it rests
    assert only(phones.sent()).tries == 1
    phones.tick(minutes(0.2))
    phones.tick(minutes(1))
    assert only(phones.sent()).accepted_at == minutes(1)
    assert (phones.row("短信").failures, phones.row("短信").failing_since) == (0, None)
    ids = {m["id"] for m in outside.messages if m["to"]["phone"] == DIGITS and m["try"] > 1}
    assert ids == {str(only(phones.sent()).id)}  # a repeat is known by its id


def test_what_one_way_does_not_bring_takes_the_next(sessions, cast, phones, outside):
    phones.gateway("坏网关", outside.at("refuse"))
    phones.gateway("短信", outside.at("accept/2"))
    opened(sessions, draft(cast))
    phones.tick(minutes(0.1))
    phones.tick(minutes(0.2))
    assert {e.channel: e.failed_why for e in phones.sent()} == {"坏网关": "HTTP 400", "短信": ""}
    # A refusal is no sign that the gateway is down.
    assert phones.row("坏网关").failures == 0


def test_a_way_that_is_silent_is_followed_by_the_next_one_that_brings_it_is_not(
    sessions, cast, phones, outside
):
    phones.gateway("微信", outside.at("accept/3"))
    phones.gateway("短信", outside.at("accept/4"))
    opened(sessions, draft(cast))
    phones.tick(minutes(0))
    first = only(phones.sent())
    said = {"id": "r1", "type": "delivered", "message": str(first.id)}
    other = opened(sessions, draft(cast))
    phones.tick(minutes(0.5))
    phones.hears("微信", said, now=minutes(0.6))
    phones.tick(minutes(2))
    by_call = {(e.call_ids[0] == other, e.channel) for e in phones.sent()}
    assert by_call == {(False, "微信"), (True, "微信"), (True, "短信")}


def test_a_flash_goes_by_every_way_at_once(sessions, cast, phones, outside):
    phones.gateway("微信", outside.at("accept/5"))
    phones.gateway("短信", outside.at("accept/6"))
    opened(sessions, draft(cast, urgency=Urgency.FLASH))
    phones.tick(minutes(0))
    assert sorted(e.channel for e in phones.sent()) == ["微信", "短信"]


def test_who_answered_before_it_left_gets_no_message(sessions, cast, phones, outside):
    phones.gateway("短信", outside.at("down"))
    call_id = opened(sessions, draft(cast))
    phones.tick(minutes(0))
    says(sessions, cast, "crew", call_id, EventKind.YES, minutes(0.5))
    phones.tick(minutes(3))
    assert (only(phones.sent()).tries, only(phones.sent()).next_try_at) == (1, None)


def test_receipts_in_any_order_twice_and_late_are_times_apart(sessions, cast, phones, outside):
    phones.gateway("短信", outside.at("accept/7"))
    call_id = opened(sessions, draft(cast))
    phones.tick(minutes(0.1))
    each = only(phones.sent())
    for number, (kind, at) in enumerate(
        [("seen", 0.9), ("delivered", 0.5), ("delivered", 0.5), ("accepted", 0.2)]
    ):
        word = {"id": f"w{number}", "type": kind, "message": str(each.id)}
        word["at"] = minutes(at).isoformat()
        (result,) = phones.hears("短信", word, now=minutes(1 + number))
        assert result.outcome == "kept"
    first = rungs(sessions, call_id)[0]
    times = (first.accepted_at, first.delivered_at, first.seen_at)
    assert times == (minutes(0.1), minutes(0.5), minutes(0.9))
    assert first.answered_at is None


def test_2800_alarms_of_one_night_reach_a_person_as_a_few(sessions, cast, phones, outside):
    phones.gateway("短信", outside.at("accept/14"))
    storm = [draft(cast, topic="task") for _ in range(2800)]
    with unit_of_work(sessions, SYSTEM) as session:
        calls.open_many(session, storm, now=START)
    for second in (0, 60):
        phones.tick(START + timedelta(seconds=second))
    mine = [m for m in outside.received if m["path"] == "/accept/14"]
    assert len(mine) == 1
    assert json.loads(mine[0]["body"])["text"].startswith("2800 件事等您答复：")
    with unit_of_work(sessions, SYSTEM) as session:
        assert session.scalar(select(func.sum(CallMessage.matters))) == 2800


def test_through_apprise_the_number_goes_into_the_address(sessions, cast, phones, outside):
    address = outside.at("accept/apprise").replace("http://", "json://") + "/{phone}"
    phones.gateway("企业微信", address, kind=GatewayKind.APPRISE)
    opened(sessions, draft(cast))
    phones.tick(minutes(0.1))
    (note,) = [n for n in outside.received if n["path"].startswith("/accept/apprise")]
    assert note["path"].rstrip("/") == f"/accept/apprise/{DIGITS}"
    assert "到高笋塘下穿道抽水" in json.loads(note["body"])["message"]
    assert only(phones.sent()).accepted_at == minutes(0.1)


def test_an_address_is_never_shown_again_and_only_the_program_reads_it(sessions, cast, phones):
    phones.gateway("钉钉", "dingtalk://" + "s" * 64, kind=GatewayKind.APPRISE)
    assert phones.row("钉钉").address == "dingtalk://…"
    from rescue_app.channels.models import GatewaySecret

    with unit_of_work(sessions, Scope.of(cast.actor("city"))) as session:
        assert session.scalars(select(GatewaySecret)).all() == []
    with pytest.raises(Forbidden):
        phones.gateway("街道", "json://127.0.0.1", kind=GatewayKind.APPRISE, who="street")


def test_a_gateway_of_one_district_reaches_nobody_of_another(sessions, cast, phones, outside):
    phones.gateway("云阳短信", outside.at("accept/15"), who="yunyang")
    opened(sessions, draft(cast))
    phones.tick(minutes(0.1))
    assert phones.sent() == []
    assert callee(cast.accounts["crew"]).phone == CREW_PHONE
