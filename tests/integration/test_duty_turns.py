"""Who is on duty is called first, and nobody is off before somebody took over."""

from functools import partial

import pytest

from gis.errors import Conflict, Forbidden, Rejected
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.calls import own
from hazards.calls.drafts import AnswerDraft
from hazards.calls.rules import EventKind
from hazards.duty import people, shifts, turns
from hazards.duty import service as duty
from hazards.duty.rules import MemberEntry, Roster
from hazards.duty.turns import Offer
from rescue_app import heard
from tests.calling import minutes, tick
from tests.world import GAOSUNTANG, WANZHOU


@pytest.fixture
def centre(sessions, cast):
    """The street's centre with three people: its head, and two officers with accounts."""
    unit = cast.units[GAOSUNTANG]
    entries = [
        MemberEntry("高主任", "主任", "13900000010", unit),
        MemberEntry("高书记", "值班员", "13900000011", unit, cast.accounts["street"].id),
        MemberEntry("覃巡查", "值班员", "13900000012", unit, cast.accounts["patrol"].id),
    ]
    with unit_of_work(sessions, SYSTEM) as session:
        duty.register(session, Roster(members=entries), area_path=GAOSUNTANG)
        return {member.name: member for member in people.staff(session, [unit])[unit]}


def act(sessions, cast, who, deed):
    actor = cast.actor(who)
    with unit_of_work(sessions, Scope.of(actor)) as session:
        return deed(session, actor)


def begin(sessions, cast, member, who="street", now=0):
    return act(
        sessions,
        cast,
        who,
        lambda session, by: turns.begin(
            session, member_id=member.id, until=None, by=by, now=minutes(now)
        ),
    )


def offered(sessions, cast, turn, member, who="street", now=1, note=""):
    offer = Offer(turn.id, member.id, note)
    return act(sessions, cast, who, lambda s, by: turns.offer(s, offer, by=by, now=minutes(now)))


def answers(sessions, cast, who, made, says=EventKind.YES, why="", now=2):
    def deed(session, by):
        (mine,) = [
            c for c in own.mine(session, by.id, since=minutes(0), now=minutes(now)) if c.owed
        ]
        draft = AnswerDraft(says, why=why)
        heard.answer(session, call_id=mine.call.id, draft=draft, by=by, now=minutes(now))

    act(sessions, cast, who, deed)


def in_order(sessions, cast):
    with unit_of_work(sessions, SYSTEM) as session:
        found = people.centre_staff(session, [GAOSUNTANG])[GAOSUNTANG]
        return [member.name for member in found]


def on_duty(sessions, cast):
    with unit_of_work(sessions, SYSTEM) as session:
        (post,) = [p for p in shifts.posts(session, GAOSUNTANG) if p.turns or p.empty]
        return [turn.name for turn in post.turns], post


def test_without_turns_the_head_is_called_first_and_with_them_who_is_on(sessions, cast, centre):
    before = in_order(sessions, cast)
    begin(sessions, cast, centre["覃巡查"])
    after = in_order(sessions, cast)
    assert before[0] != "覃巡查"
    assert after[0] == "覃巡查"
    assert sorted(before) == sorted(after)  # who is off can still be climbed to


def test_the_duty_passes_when_the_next_one_says_yes_and_not_before(sessions, cast, centre):
    turn = begin(sessions, cast, centre["高书记"])
    made = offered(sessions, cast, turn, centre["覃巡查"], note="三号泵在修")
    assert on_duty(sessions, cast)[0] == ["高书记"]
    with pytest.raises(Conflict):
        offered(sessions, cast, turn, centre["高主任"])
    answers(sessions, cast, "patrol", made)
    names, post = on_duty(sessions, cast)
    assert names == ["覃巡查"]
    assert (post.last.name, post.last.ended_how, post.last.ended_at) == (
        "高书记",
        "handed_over",
        minutes(2),
    )


def test_a_no_leaves_the_duty_where_it_is_with_the_reason(sessions, cast, centre):
    turn = begin(sessions, cast, centre["高书记"])
    made = offered(sessions, cast, turn, centre["覃巡查"])
    answers(sessions, cast, "patrol", made, EventKind.CANNOT, "发烧")
    names, post = on_duty(sessions, cast)
    assert names == ["高书记"]
    assert (post.offers[turn.id].answer, post.offers[turn.id].why) == ("cannot", "发烧")


def test_silence_climbs_back_to_who_hands_over_and_his_yes_is_not_the_others(
    sessions, cast, centre
):
    turn = begin(sessions, cast, centre["高书记"])
    made = offered(sessions, cast, turn, centre["覃巡查"])
    tick(sessions, minutes(7))
    answers(sessions, cast, "street", made, now=8)
    assert on_duty(sessions, cast)[0] == ["高书记"]


def test_who_stays_silent_is_asked_no_more_and_another_is(sessions, cast, centre):
    turn = begin(sessions, cast, centre["高书记"])
    offered(sessions, cast, turn, centre["高主任"])  # he has no device
    take_back = partial(turns.take_back, turn_id=turn.id, now=minutes(3))
    with pytest.raises(Forbidden):
        act(sessions, cast, "patrol", lambda s, by: take_back(s, by=by))
    act(sessions, cast, "street", lambda s, by: take_back(s, by=by))
    made = offered(sessions, cast, turn, centre["覃巡查"], now=4)
    answers(sessions, cast, "patrol", made, now=5)
    assert on_duty(sessions, cast)[0] == ["覃巡查"]


def test_who_leaves_without_a_hand_over_is_shown(sessions, cast, centre):
    before = in_order(sessions, cast)[0]
    turn = begin(sessions, cast, centre["高书记"])
    act(
        sessions,
        cast,
        "street",
        lambda s, by: turns.leave(s, turn.id, why="家里进水", by=by, now=minutes(3)),
    )
    names, post = on_duty(sessions, cast)
    assert (names, post.empty, post.last.ended_why) == ([], True, "家里进水")
    assert in_order(sessions, cast)[0] == before  # where nobody is on, nobody is off


def test_only_who_is_on_duty_or_commands_there_hands_over(sessions, cast, centre):
    turn = begin(sessions, cast, centre["高书记"])
    with pytest.raises(Forbidden):
        offered(sessions, cast, turn, centre["覃巡查"], who="patrol")
    with pytest.raises(Conflict):
        begin(sessions, cast, centre["高书记"])
    elsewhere = MemberEntry("万值班", "值班员", "", cast.units[WANZHOU])
    with unit_of_work(sessions, SYSTEM) as session:
        duty.register(session, Roster(members=[elsewhere]), area_path=WANZHOU)
    with pytest.raises(Rejected):
        offered(sessions, cast, turn, elsewhere)


def test_the_pages_put_on_duty_hand_over_and_show_who_is_missing(
    client, people, sessions, cast, centre
):
    from rescue_app.http.dependencies import COOKIE

    def page(path):
        return client.get(path, headers={"accept": "text/html"}).text

    client.cookies.set(COOKIE, people.token(cast.accounts["street"]))
    sent = {"member": str(centre["高书记"].id), "until": "2020-01-01T08:00"}
    assert client.post("/duty/turns", data=sent).status_code == 422
    assert client.post("/duty/turns", data=sent | {"until": ""}).status_code == 303
    assert "要交代的事" in page("/reach")
    assert "可不填" not in page("/reach"), "each field says once that it may stay empty"
    with unit_of_work(sessions, SYSTEM) as session:
        turn = shifts.open_of(session, centre["高书记"].id)
    offer = {"member": str(centre["覃巡查"].id), "note": "看住泵站", "back": "reach"}
    answer = client.post(f"/duty/turns/{turn.id}/offer", data=offer)
    assert answer.headers["location"] == "/reach"
    assert "已请覃巡查接班" in page("/duty/turns")
    assert "改叫别人" in page("/reach")
    answer = client.post(f"/duty/turns/{turn.id}/take-back", data={"back": "reach"})
    assert answer.headers["location"] == "/reach"
    assert "要交代的事" in page("/reach")
    ended = client.post(f"/duty/turns/{turn.id}/leave", data={"note": "撤离"})
    assert ended.status_code == 303
    assert "无人值班" in page("/duty/turns")
