"""An order is told first and rings right after: once for each hop, whoever is killed meanwhile."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, enter
from hazards.calls.models import Call, CallLadder
from rescue_app.dispatch import climbing, laying, laying_repository
from rescue_app.dispatch.board import board
from rescue_app.dispatch.models import CallsDue
from tests.calling import ladders, rungs, tick
from tests.world import WANZHOU


def called(sessions):
    with unit_of_work(sessions, SYSTEM) as session:
        return list(session.scalars(select(Call).where(Call.topic == "order").order_by(Call.ref)))


def due(sessions):
    with unit_of_work(sessions, SYSTEM) as session:
        return session.scalar(select(func.count()).select_from(CallsDue))


def both_crews(night, cast):
    return night.issue(cast.crew("gaosuntang"), cast.crew("gaosuntang2"), cast.unit(WANZHOU))


def test_an_order_is_out_before_it_rings_and_its_time_counts_from_the_order(night, cast, sessions):
    order = night.issue(cast.crew("gaosuntang"))
    hop = night.hop(order, "Gaosuntang crew 1")
    assert (hop.state, called(sessions), due(sessions)) == ("queued", [], 1)
    late = datetime.now(UTC) + timedelta(minutes=1)
    assert laying.lay_out(sessions, now=late) == 1
    (call,) = called(sessions)
    (ladder,) = ladders(sessions, call.id)
    assert (call.ref, call.opened_at, ladder.due_at) == (
        hop.id, hop.began_at, hop.answer_due_at,
    )  # fmt: skip
    assert (laying.lay_out(sessions, now=late), due(sessions)) == (0, 0)


def test_the_giver_is_not_told_that_it_rings_nobody_while_it_is_about_to_ring(night, cast, acting):
    order = night.issue(cast.crew("gaosuntang"))
    with acting("city") as (session, actor):
        (line,) = board(session, actor, order.id).lines
    assert (line.call, line.rings_nobody) == (None, False)


def test_hops_are_called_about_batch_by_batch_each_once(night, cast, sessions):
    order = both_crews(night, cast)
    assert laying.lay_out(sessions, now=order.issued_at, most=1) == 3
    assert len(called(sessions)) == 3
    assert (laying.lay_out(sessions, now=order.issued_at), due(sessions)) == (0, 0)


def test_what_a_worker_was_killed_over_the_next_one_lays_out(night, cast, sessions):
    order = both_crews(night, cast)
    with sessions() as killed:
        enter(killed, SYSTEM)
        (waiting,) = laying_repository.all_due(killed)
        assert laying_repository.held(killed, waiting) is not None
        assert laying.lay_out(sessions, now=order.issued_at) == 0
    assert laying.lay_out(sessions, now=order.issued_at) == 3
    assert len(called(sessions)) == 3


def test_who_answers_before_it_rings_is_not_called_any_more(night, cast, sessions):
    order = both_crews(night, cast)
    hop = night.hop(order, "Gaosuntang crew 1")
    night.tell("crew", hop, "seen")
    night.tell("crew", hop, "accepted")
    (call,) = called(sessions)
    assert [rung.answer for rung in rungs(sessions, call.id)] == ["yes", None, None]
    later = order.issued_at + timedelta(hours=1)
    tick(sessions, later)
    assert len(called(sessions)) == 3
    (ladder,) = ladders(sessions, call.id)
    assert (ladder.state, ladder.position) == ("answered", 0)


def test_what_is_taken_back_before_it_rings_rings_nobody(night, cast, sessions):
    order = both_crews(night, cast)
    night.change("city", order, "cancelled", why="水退了")
    tick(sessions, order.issued_at + timedelta(hours=1))
    with unit_of_work(sessions, SYSTEM) as session:
        states = set(
            session.scalars(select(CallLadder.state).join(Call).where(Call.topic == "order"))
        )
    assert states == {"over"}


def test_a_level_is_climbed_over_for_its_silence_not_for_a_worker_that_was_away(
    night, cast, sessions
):
    order = night.issue(cast.unit(WANZHOU))
    later = order.issued_at + timedelta(hours=1)
    assert climbing.climb_over(sessions, now=later) == 0
    for minutes in range(0, 90, 5):
        tick(sessions, order.issued_at + timedelta(minutes=minutes))
    assert climbing.climb_over(sessions, now=later + timedelta(hours=1)) == 1
