"""Two at one order in the same moment: neither is turned away, and nothing slips in between."""

from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.calls import repository as calls
from hazards.calls import worker
from hazards.calls.drafts import AnswerDraft
from hazards.calls.models import Call, CallEvent, CallLadder, CallRung
from hazards.calls.rules import EventKind
from rescue_app import heard
from rescue_app.dispatch import climbing, repository, service, telling
from rescue_app.dispatch.drafts import PartDraft, StepDraft, Target
from rescue_app.dispatch.members import giving
from rescue_app.dispatch.models import Assignment
from rescue_app.dispatch.rules import StepKind
from tests.calling import tick
from tests.teams import held, team

__all__ = ["held", "team"]

WAITS = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@pytest.fixture
def other():
    with ThreadPoolExecutor(1) as thread:
        yield thread


def waits_or_is_done(owner, work: Future) -> bool:
    """Whether somebody's work waits for what is held here; false when it is through."""
    while not work.done():
        owner.rollback()
        if owner.scalar(WAITS):
            return True
        wait([work], timeout=0.02)
    return False


def test_what_is_passed_on_while_it_is_taken_back_above_is_taken_back_too(
    night, acting, cast, owner, other
):
    order, _ = night.down_to_the_crew()
    street = night.hop(order, "Gaosuntang centre")
    district = night.hop(order, "Wanzhou centre")
    to = [Target.parse(cast.crew("gaosuntang2"))]
    with acting("street") as (session, actor):
        now = datetime.now(UTC)
        service.pass_down(session, hop_id=street.id, step_id=new_id(), to=to, by=actor, now=now)
        taken_back = other.submit(night.take_back, "city", district)
        assert waits_or_is_done(owner, taken_back)
    taken_back.result()
    assert night.hop(order, "Gaosuntang crew 2").state == "withdrawn"


def test_an_answer_and_the_order_s_end_do_not_wait_for_each_other(night, acting, owner, other):
    order, crew = night.down_to_the_crew()
    with acting("crew") as (session, actor):
        repository.locked(session, crew.id)
        ended = other.submit(night.change, "city", order, "cancelled")
        assert waits_or_is_done(owner, ended)
        step = StepDraft(new_id(), StepKind.ACCEPTED)
        telling.tell(session, hop_id=crew.id, step=step, by=actor, now=datetime.now(UTC))
    ended.result()
    assert night.hop(order, "Gaosuntang crew 1").state == "withdrawn"


def test_the_clock_and_the_order_s_end_do_not_wait_for_each_other(night, sessions, owner, other):
    order, _ = night.down_to_the_crew()
    with unit_of_work(sessions, SYSTEM) as session:
        held = calls.locked(session, list(session.scalars(select(CallLadder.id))))
        ended = other.submit(night.change, "city", order, "cancelled")
        assert waits_or_is_done(owner, ended)
        rung = session.scalars(select(CallRung.id).where(CallRung.ladder_id == held[0].id)).first()
        row = {"id": new_id(), "rung_id": rung, "kind": "delivered"}
        calls.add_program_events(session, [row], datetime.now(UTC))
    ended.result()
    assert owner.scalar(select(func.count()).where(CallEvent.kind == "delivered")) == 1


def test_handing_out_messages_waits_for_nobody_s_answer(night, sessions, owner, other):
    night.down_to_the_crew()
    now = datetime.now(UTC)
    with unit_of_work(sessions, SYSTEM) as session:
        called = select(CallRung).where(CallRung.queued_at.is_not(None)).limit(1)
        session.scalars(called.with_for_update()).one()
        handed = other.submit(worker.hand_out, sessions, now=now)
        assert not waits_or_is_done(owner, handed)
    waited = select(func.count()).where(CallRung.handed_at.is_(None), CallRung.queued_at <= now)
    assert owner.scalar(waited) == 1


def test_an_order_is_not_climbed_over_while_it_is_being_cancelled(
    night, cast, sessions, owner, other
):
    order = night.issue(cast.unit("/500000/500101/"))
    later = datetime.now(UTC)
    for _ in range(5):
        later += timedelta(minutes=10)
        tick(sessions, later)
    with unit_of_work(sessions, SYSTEM) as session:
        repository.hold_order_of(session, night.hop(order, "Wanzhou centre").id, to_change=True)
        passed = other.submit(climbing.climb_over, sessions, now=later)
        assert waits_or_is_done(owner, passed)
        session.execute(text("UPDATE assignment SET state = 'withdrawn'"))
    assert passed.result() == 0
    assert night.hop(order, "Gaosuntang centre") is None


def test_a_leader_and_whoever_names_his_member_do_not_give_him_two_parts(
    team, held, acting, owner, other
):
    order, crew = held
    draft = [PartDraft(team.people["周队员"], "守桥头")]

    def name_him():
        with acting("street") as (session, actor):
            row = repository.visible(session, order.id)
            hop = session.get(Assignment, crew.id)
            giving.give_named(session, row, hop, draft, by=actor, now=datetime.now(UTC))

    with acting("crew") as (session, actor):
        now = datetime.now(UTC)
        giving.give(session, hop_id=crew.id, send_id=new_id(), parts=draft, by=actor, now=now)
        named = other.submit(name_him)
        assert waits_or_is_done(owner, named)
    named.result()
    assert [part.name for part in team.parts(order.id)] == ["周队员"]


def test_a_digit_for_a_part_and_an_order_waits_for_who_takes_the_part_back(
    team, held, acting, sessions, owner, other
):
    order, crew = held
    part = team.give(crew, "周队员")["周队员"]
    refs = (part.id, crew.id)
    with unit_of_work(sessions, SYSTEM) as session:
        by_ref = {call.ref: call.id for call in session.scalars(select(Call))}
    yes = EventKind.YES

    def press():
        with unit_of_work(sessions, SYSTEM) as session:
            said = {by_ref[ref]: AnswerDraft(yes) for ref in refs}
            by = team.cast.actor("crew")
            heard.answer_all(session, said, by=by, now=datetime.now(UTC), signs_in=True)

    with acting("crew") as (session, actor):
        giving.held(session, crew.id, actor)
        pressed = other.submit(press)
        assert waits_or_is_done(owner, pressed)
        giving.take_back(
            session, part_id=part.id, notice_id=new_id(), why="改派", by=actor,
            now=datetime.now(UTC),
        )  # fmt: skip
    pressed.result()
    assert team.of(order, "周队员").state == "withdrawn"
