"""Called is not answered: the ladder on the real database, with its rights and its clock."""

from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from gis.errors import Conflict, Forbidden, Missing, Rejected
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.notify import LiveEvent
from gis.store.scope import SYSTEM, Scope
from hazards.calls import service
from hazards.calls.drafts import Step, TakenBy
from hazards.calls.models import CallEvent, CallMessage, CallRung
from hazards.calls.rules import EventKind, RungKind
from hazards.duty.models import Member
from tests.calling import (
    EACH,
    START,
    callee,
    draft,
    gong_beater,
    ladders,
    minutes,
    opened,
    rungs,
    says,
    seen_by,
    tick,
)

YES, CANNOT = EventKind.YES, EventKind.CANNOT


def state(sessions, call_id):
    (ladder,) = ladders(sessions, call_id)
    return ladder.state, ladder.position


def test_a_call_rings_its_first_person_and_keeps_everyone_s_due_time(sessions, cast):
    call_id = opened(sessions, draft(cast))
    assert state(sessions, call_id) == ("waiting", 0)
    first, deputy, superior = rungs(sessions, call_id)
    assert (first.queued_at, first.due_at) == (START, minutes(5))
    assert (deputy.queued_at, deputy.due_at) == (None, minutes(10))
    assert superior.due_at == minutes(15)


def test_the_same_matter_opened_again_is_the_same_call(sessions, cast):
    call = draft(cast)
    again = draft(cast, ref=call.ref, text_zh="另一句话")
    assert opened(sessions, call) == opened(sessions, again, minutes(3))
    assert len(rungs(sessions, opened(sessions, again))) == 3


def test_silence_climbs_and_an_answer_stops_it(sessions, cast):
    call_id = opened(sessions, draft(cast))
    assert tick(sessions, minutes(4.9)) == 0
    assert tick(sessions, minutes(5)) == 1
    assert state(sessions, call_id) == ("climbing", 1)
    says(sessions, cast, "street", call_id, YES, minutes(6))
    assert tick(sessions, minutes(60)) == 0
    (ladder,) = ladders(sessions, call_id)
    assert (ladder.state, ladder.outcome) == ("answered", "deputy")


def test_what_a_page_received_and_showed_is_kept_apart_and_stops_nothing(sessions, cast):
    call_id = opened(sessions, draft(cast))
    tick(sessions, minutes(0.1))
    actor = cast.actor("crew")
    for kind, now in ((EventKind.DELIVERED, 0.2), (EventKind.SEEN, 0.5), (EventKind.SEEN, 2)):
        with unit_of_work(sessions, Scope.of(actor)) as session:
            told = [service.Receipt(call_id, kind)]
            service.receive(session, told, by=actor, now=minutes(now))
    first = rungs(sessions, call_id)[0]
    assert [first.queued_at, first.accepted_at, first.delivered_at, first.seen_at] == [
        minutes(m) for m in (0, 0.1, 0.2, 0.5)
    ]
    assert first.answered_at is None
    tick(sessions, minutes(5))
    assert state(sessions, call_id) == ("climbing", 1)


def test_cannot_needs_its_because_and_climbs_in_the_same_moment(sessions, cast):
    call_id = opened(sessions, draft(cast))
    with pytest.raises(Rejected):
        says(sessions, cast, "crew", call_id, CANNOT, minutes(1))
    says(sessions, cast, "crew", call_id, CANNOT, minutes(1), why="道路塌方,过不去")
    assert state(sessions, call_id) == ("climbing", 1)
    deputy = rungs(sessions, call_id)[1]
    assert (deputy.queued_at, deputy.due_at) == (minutes(1), minutes(6))


def test_the_same_answer_sent_twice_is_one_and_another_under_its_number_is_refused(sessions, cast):
    call_id, number = opened(sessions, draft(cast)), new_id()
    says(sessions, cast, "crew", call_id, YES, minutes(1), id=number)
    says(sessions, cast, "crew", call_id, YES, minutes(2), id=number)
    assert rungs(sessions, call_id)[0].answered_at == minutes(1)
    with pytest.raises(Conflict):
        says(sessions, cast, "crew", call_id, CANNOT, minutes(3), id=number, why="否")


def test_each_person_asked_first_has_his_own_ladder(sessions, cast):
    people = ((RungKind.FIRST, ("crew", "crew2")), (RungKind.DEPUTY, ("street",)))
    call_id = opened(sessions, draft(cast, people, rule=EACH))
    says(sessions, cast, "crew", call_id, YES, minutes(1))
    tick(sessions, minutes(5))
    assert [ladder.state for ladder in ladders(sessions, call_id)] == ["answered", "climbing"]


def test_a_yes_for_oneself_is_not_a_yes_as_somebody_s_deputy(sessions, cast):
    people = ((RungKind.FIRST, ("crew", "crew2")), (RungKind.DEPUTY, ("crew",)))
    call_id = opened(sessions, draft(cast, people, rule=EACH))
    says(sessions, cast, "crew", call_id, YES, minutes(1))
    tick(sessions, minutes(5))
    assert [ladder.state for ladder in ladders(sessions, call_id)] == ["answered", "climbing"]
    says(sessions, cast, "crew", call_id, YES, minutes(6))
    assert [ladder.outcome for ladder in ladders(sessions, call_id)] == ["first", "deputy"]


def test_a_call_is_seen_by_those_called_the_centre_that_called_and_those_above(sessions, cast):
    opened(sessions, draft(cast))
    for who in ("crew", "street", "wanzhou", "city"):
        assert len(seen_by(sessions, cast, who)) == 1, who
    for who in ("crew2", "taibai_street", "yunyang", "planner"):
        assert seen_by(sessions, cast, who) == [], who


def test_nobody_answers_for_another(sessions, cast):
    call_id = opened(sessions, draft(cast))
    with pytest.raises(Forbidden):
        says(sessions, cast, "street", call_id, YES, minutes(1), of="crew")
    # A crew sees its own rung alone; another centre sees nothing at all.
    for who in ("crew", "yunyang"):
        with pytest.raises(Missing):
            says(sessions, cast, who, call_id, YES, minutes(1), of="street", taken_by=TakenBy.DOOR)


FORGED = text("""
    INSERT INTO call_event (id, call_id, person_id, rung_ids, kind, by_id, by_name, why, next_step,
        done_at, received_at, area_path, opener_path)
    SELECT gen_random_uuid(), call_id, person_id, ARRAY[id], 'yes', :by, '', '', '', now(), now(),
        area_path, opener_path
    FROM call_rung WHERE name = :name
""")


def test_not_even_by_hand_made_sql(sessions, cast):
    call_id = opened(sessions, draft(cast))
    actor = cast.actor("street")
    forged = {"by": actor.id, "name": cast.accounts["crew"].name}
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        unit_of_work(sessions, Scope.of(actor)) as session,
    ):
        session.execute(FORGED, forged)
    with unit_of_work(sessions, Scope.of(actor)) as session:
        touched = session.execute(text("UPDATE call_ladder SET state = 'answered'"))
        assert touched.rowcount == 0
    assert state(sessions, call_id) == ("waiting", 0)


def test_a_commander_enters_an_answer_and_how_it_came(sessions, cast):
    call_id = opened(sessions, draft(cast))
    says(sessions, cast, "street", call_id, YES, minutes(2), of="crew", taken_by=TakenBy.RADIO)
    with unit_of_work(sessions, SYSTEM) as session:
        line = session.scalar(select(CallEvent).where(CallEvent.kind == "yes"))
    assert (line.by_name, line.taken_by) == (cast.accounts["street"].name, "radio")
    assert line.person_id == cast.accounts["crew"].id
    assert state(sessions, call_id) == ("answered", 0)


def test_a_person_without_a_way_to_reach_him_is_never_called_reached(sessions, cast):
    steps = (
        Step(RungKind.FIRST, (gong_beater(),)),
        Step(RungKind.DEPUTY, (callee(cast.accounts["street"]),)),
    )
    call_id = opened(sessions, replace(draft(cast), ladder=steps))
    tick(sessions, minutes(1))
    first = rungs(sessions, call_id)[0]
    assert (first.channel, first.accepted_at) == ("none", None)
    tick(sessions, minutes(5))
    assert state(sessions, call_id) == ("climbing", 1)


def test_a_ladder_without_people_is_refused(sessions, cast):
    with pytest.raises(Rejected, match="Nobody is known"):
        opened(sessions, replace(draft(cast), ladder=()))


def test_a_matter_that_is_over_rings_nobody_any_more(sessions, cast):
    call = draft(cast)
    call_id = opened(sessions, call)
    actor = cast.actor("wanzhou")
    with unit_of_work(sessions, Scope.of(actor)) as session:
        service.cancel(
            session, topic="order", refs=[call.ref], why="撤回", by=actor, now=minutes(1)
        )
    assert tick(sessions, minutes(60)) == 0
    assert state(sessions, call_id) == ("over", 0)
    assert opened(sessions, draft(cast, ref=call.ref), minutes(61)) == call_id
    assert tick(sessions, minutes(90)) == 0


def test_an_edited_roster_does_not_move_a_rung_in_flight(sessions, cast):
    call_id = opened(sessions, draft(cast))
    with unit_of_work(sessions, SYSTEM) as session:
        for member in session.scalars(select(Member)):
            member.name, member.account_id = "别人", None
    tick(sessions, minutes(5))
    assert [rung.name for rung in rungs(sessions, call_id)] == [
        cast.accounts[who].name for who in ("crew", "street", "wanzhou")
    ]


def test_a_storm_reaches_a_person_as_a_few_messages(sessions, cast):
    storm = [draft(cast) for _ in range(2800)]
    with unit_of_work(sessions, SYSTEM) as session:
        service.open_many(session, storm, now=START)
    for minute in range(6):
        tick(sessions, minutes(minute))
    with unit_of_work(sessions, SYSTEM) as session:
        messages = session.scalars(select(CallMessage)).all()
        called = select(CallRung).where(CallRung.queued_at.is_not(None))
        untold = session.scalars(called.where(CallRung.handed_at.is_(None))).all()
        lines = session.scalars(select(LiveEvent)).all()
    to_crew = [m for m in messages if m.person_id == cast.accounts["crew"].id]
    assert [message.matters for message in to_crew] == [2800]
    assert untold == []
    assert len(lines) < 30
