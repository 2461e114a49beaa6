"""What people press or write back on their phones, and what of it counts."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.calls import service as calls
from hazards.calls.models import Call, CallLadder
from hazards.calls.rules import EventKind
from rescue_app.channels import hearing
from rescue_app.channels.models import Gateway
from rescue_app.dispatch import service as dispatch
from rescue_app.dispatch.drafts import OrderDraft, Target
from rescue_app.dispatch.models import Assignment, AssignmentStep
from rescue_app.dispatch.rules import Urgency
from rescue_app.http.dependencies import COOKIE
from tests.calling import (
    START,
    draft,
    gong_beater,
    ladders,
    minutes,
    opened,
    rungs,
    says,
)
from tests.integration.test_calls import state
from tests.integration.test_order_races import other, waits_or_is_done
from tests.outside import DIGITS, cast, outside, phones

__all__ = ["cast", "other", "outside", "phones"]


def test_one_digit_answers_and_the_log_says_how_it_came(sessions, cast, phones, outside):
    phones.gateway("短信", outside.at("accept/8"))
    call_id = opened(sessions, draft(cast))
    phones.tick(minutes(0.1))
    word = {"id": "a1", "type": "answer", "from": "0086139 0000 1111", "text": "１"}
    (result,) = phones.hears("短信", word, now=minutes(1))
    assert (result.outcome, result.reply) == ("kept", "已记录：收到。")
    (ladder,) = ladders(sessions, call_id)
    assert (ladder.state, ladder.outcome) == ("answered", "first")
    (again,) = phones.hears("短信", word, now=minutes(2))
    assert (again.outcome, again.reply) == ("repeated", "已记录：收到。")
    assert rungs(sessions, call_id)[0].answered_at == minutes(1)
    (other,) = phones.hears("短信", word | {"text": "2"}, now=minutes(2))
    assert (other.outcome, other.code) == ("refused", "conflict")


def test_the_same_word_that_comes_twice_at_once_is_kept_once(
    sessions, cast, phones, outside, owner, other
):
    gateway_id = phones.gateway("短信", outside.at("accept/8"))
    opened(sessions, draft(cast))
    phones.tick(minutes(0.1))
    words = [{"id": n, "type": "answer", "from": DIGITS, "text": "1"} for n in ("a2", "a1")]
    with unit_of_work(sessions, SYSTEM) as session:
        gateway = session.get(Gateway, gateway_id)
        first = hearing.hear(session, gateway, words, now=minutes(1))
        again = other.submit(phones.hears, "短信", *words[::-1], now=minutes(1))
        assert waits_or_is_done(owner, again)
    assert [one.outcome for one in first] == ["kept"] * 2
    assert [one.outcome for one in again.result()] == ["repeated"] * 2


def test_cannot_calls_the_next_at_once_and_the_reason_may_follow(sessions, cast, phones, outside):
    phones.gateway("短信", outside.at("accept/9"))
    call_id = opened(sessions, draft(cast))
    phones.tick(minutes(0.1))
    word = {"id": "b1", "type": "answer", "from": DIGITS, "text": "2"}
    (result,) = phones.hears("短信", word, now=minutes(1))
    assert result.reply.endswith("请回复原因，如：道路中断。")
    assert state(sessions, call_id) == ("climbing", 1)
    (given,) = phones.hears("短信", word | {"id": "b2", "text": "桥断了"}, now=minutes(2))
    assert given.outcome == "kept"
    with unit_of_work(sessions, SYSTEM) as session:
        from hazards.calls import reading

        (line,) = reading.lines_of_call(session, calls.visible(session, call_id))
        assert [line.answers[r.id].why for r in line.refused] == ["桥断了"]
        assert line.answers[line.refused[0].id].channel == "短信"


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ({"id": "x1", "type": "answer", "from": "13700000000", "text": "1"}, "missing"),
        ({"id": "x2", "type": "answer", "text": "1"}, "rejected"),
        ({"id": "x3", "type": "delivered", "message": str(new_id())}, "missing"),
        ({"id": "x4", "type": "delivered"}, "rejected"),
        ({"id": "x5", "type": "shouted"}, "rejected"),
        ({"id": "x6", "type": "answer", "from": DIGITS, "text": "？？"}, "rejected"),
        ({"id": "x7", "type": "answer", "from": DIGITS, "text": "1 77"}, "rejected"),
        ({"type": "answer", "from": DIGITS, "text": "1"}, "rejected"),
    ],
)
def test_what_cannot_be_placed_is_refused_alone(sessions, cast, phones, outside, word, code):
    phones.gateway("短信", outside.at("accept/10"))
    call_id = opened(sessions, draft(cast))
    phones.tick(minutes(0.1))
    good = {"id": "good", "type": "answer", "from": DIGITS, "text": "收到"}
    bad, kept = phones.hears("短信", word, good, now=minutes(1))
    assert (bad.outcome, bad.code) == ("refused", code)
    assert kept.outcome == "kept"
    assert state(sessions, call_id) == ("answered", 0)


def test_nobody_answers_from_another_phone_or_for_several_matters_at_once(
    sessions, cast, phones, outside
):
    phones.gateway("短信", outside.at("accept/11"))
    one, two = opened(sessions, draft(cast)), opened(sessions, draft(cast, text_zh="关闭下穿道"))
    phones.tick(minutes(0.1))
    sent = {each.call_ids[0]: each for each in phones.sent()}
    word = {"id": "c1", "type": "answer", "from": "13900002222", "text": "1"}
    (wrong,) = phones.hears("短信", word | {"message": str(sent[one].id)}, now=minutes(1))
    assert (wrong.outcome, wrong.code) == ("refused", "rejected")
    (which,) = phones.hears("短信", word | {"id": "c2", "from": DIGITS}, now=minutes(1))
    assert which.outcome == "refused"
    assert "关闭下穿道" in which.reply
    named = word | {"id": "c3", "from": DIGITS, "text": f"1 {sent[two].number}"}
    (result,) = phones.hears("短信", named, now=minutes(1))
    assert result.outcome == "kept"
    assert state(sessions, one) == ("waiting", 0)
    assert state(sessions, two) == ("answered", 0)


def test_an_answer_after_somebody_else_took_it_is_kept_and_says_so(sessions, cast, phones, outside):
    phones.gateway("短信", outside.at("accept/12"))
    call_id = opened(sessions, draft(cast))
    phones.tick(minutes(0.1))
    says(sessions, cast, "crew", call_id, EventKind.YES, minutes(0.5))
    word = {"id": "d1", "type": "answer", "from": DIGITS, "text": "1"}
    (late,) = phones.hears("短信", word, now=minutes(9))
    assert (late.outcome, late.reply) == ("kept", "已记录。此事已有人处理或已结束。")
    assert rungs(sessions, call_id)[0].answered_at == minutes(0.5)


def test_a_person_without_an_account_answers_by_a_digit(sessions, cast, phones, outside):
    phones.gateway("短信", outside.at("accept/13"))
    first = draft(cast).ladder[0]
    ladder = (replace(first, people=(gong_beater(),)), *draft(cast).ladder[1:])
    call_id = opened(sessions, replace(draft(cast), ladder=ladder))
    phones.tick(minutes(0.1))
    word = {"id": "e1", "type": "answer", "from": "13900000000", "text": "1"}
    (result,) = phones.hears("短信", word, now=minutes(1))
    assert result.outcome == "kept"
    assert state(sessions, call_id) == ("answered", 0)


def test_one_digit_answers_all_that_one_message_spoke_of(sessions, cast, phones, outside):
    phones.gateway("短信", outside.at("accept/17"))
    with unit_of_work(sessions, SYSTEM) as session:
        calls.open_many(session, [draft(cast, topic="task") for _ in range(30)], now=START)
    phones.tick(minutes(0.1))
    later = opened(sessions, draft(cast, topic="task"), minutes(0.2))
    word = {"id": "s", "type": "answer", "from": DIGITS, "text": "1"}
    (result,) = phones.hears("短信", word, now=minutes(1))
    assert result.outcome == "kept"
    with unit_of_work(sessions, SYSTEM) as session:
        states = select(CallLadder.state, func.count()).group_by(CallLadder.state)
        assert dict(session.execute(states).all()) == {"answered": 30, "waiting": 1}
    assert state(sessions, later) == ("waiting", 0)


def test_a_digit_counts_for_what_its_message_said_and_what_is_newer_is_called_about_anew(
    sessions, cast, phones, outside
):
    phones.gateway("短信", outside.at("accept/19"))
    call_id, newer, newest = opened(sessions, draft(cast, is_drill=True)), new_id(), new_id()
    phones.tick(minutes(0.1))
    with unit_of_work(sessions, SYSTEM) as session:
        call, said = session.get_one(Call, call_id), {"text_zh": "续报", "text_en": "follow-up"}
        calls.reword(session, call, ref=newer, now=minutes(0.5), **said)
        calls.reword(session, call, ref=newest, now=minutes(0.6), **said)
    word = {"id": "n1", "type": "answer", "from": DIGITS, "text": "1"}
    (heard,) = phones.hears("短信", word, now=minutes(1))
    assert heard.reply == "已记录：前一条收到。此后又有新情况，随即另发，请再回复。"
    assert state(sessions, call_id) == ("answered", 0)
    with unit_of_work(sessions, SYSTEM) as session:
        assert session.get_one(Call, call_id).text_zh == "到高笋塘下穿道抽水"
        (again,) = session.scalars(select(Call).where(Call.ref == newer)).all()
        assert (again.text_zh, again.is_drill) == ("续报", True)
    assert [rung.name for rung in rungs(sessions, again.id)] == [
        rung.name for rung in rungs(sessions, call_id)
    ]
    phones.tick(minutes(1.1))
    assert [each.texts_zh for each in phones.sent() if each.phone == DIGITS][-1] == ["【演练】续报"]
    (heard,) = phones.hears("短信", word | {"id": "n2"}, now=minutes(2))
    assert (heard.reply, state(sessions, again.id)) == ("已记录：收到。", ("answered", 0))


def test_an_order_answered_by_sms_says_so_with_an_account_or_without(
    sessions, cast, phones, outside, client, people
):
    phones.gateway("短信", outside.at("accept/18"))
    crews, by = ("gaosuntang", "shuangjiang"), cast.actor("city")
    targets = tuple(Target.parse(cast.crew(name)) for name in crews)
    order = OrderDraft(new_id(), "到下穿道抽水", "沿江路", Urgency.FLASH, targets)
    with unit_of_work(sessions, Scope.of(by)) as session:
        dispatch.issue(session, draft=order, by=by, now=START)
    phones.tick(minutes(0.1))
    told = [each.phone for each in phones.sent()]
    words = [{"id": f"o{n}", "type": "answer", "from": n, "text": "1"} for n in told]
    assert [one.outcome for one in phones.hears("短信", *words, now=minutes(1))] == ["kept"] * 2
    with unit_of_work(sessions, SYSTEM) as session:
        hops = session.scalars(select(Assignment).where(Assignment.order_id == order.id)).all()
        assert {hop.answer_name for hop in hops} == {"李队长", "双江抢险一队队长"}
        said = session.scalars(select(AssignmentStep).where(AssignmentStep.kind == "accepted"))
        assert [line.via for line in said] == ["短信", "短信"]
    client.cookies.set(COOKIE, people.token(cast.accounts["city"]))
    page = client.get(f"/orders/{order.id}", headers={"accept-language": "zh"}).text
    assert page.count("经短信") == 4  # on both hops, and on the two lines of the timeline
