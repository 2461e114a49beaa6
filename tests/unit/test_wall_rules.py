"""The wall's sums, a past moment's states and the sketch come from pure rules."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from rescue_app.dispatch.changes import ChangeKind, OrderStanding
from rescue_app.dispatch.rules import Step, StepKind, derive
from rescue_app.sketches.rules import standing
from rescue_app.wall.rules import Hop, Turn, as_it_was, numbers, order_then

START = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)


def minute(count):
    return START + timedelta(minutes=count)


def hop(state="queued", holder="crew"):
    facts = [uuid4(), uuid4(), None, holder, "street", "队", "", "", state, START, minute(5)]
    return Hop(*facts, None, None, None, None, None, 0, 0)


steps = st.lists(
    st.tuples(
        st.sampled_from([kind for kind in StepKind if kind is not StepKind.QUEUED]),
        st.integers(1, 90),
        st.integers(0, 20),
    ),
    max_size=12,
)


@given(steps, st.integers(0, 120))
def test_a_moment_is_the_fold_of_what_had_come_by_then(told, moment):
    one = hop()
    begun = Step(UUID(int=0), StepKind.QUEUED, START, "")
    log = [(begun, 0)] + [
        (Step(UUID(int=at), kind, minute(done), "李"), done + late)
        for at, (kind, done, late) in enumerate(told, 1)
    ]
    heard = [step for step, came in log if came <= moment]
    (then,) = as_it_was([one], {one.id: heard})
    assert then.state == derive(heard).kind
    assert then.since <= minute(moment)
    (last,) = as_it_was([one], {one.id: [step for step, _ in log]})
    (late,) = as_it_was([one], {one.id: [step for step, came in log if came <= 200]})
    assert last == late


@given(st.lists(st.sampled_from([kind.value for kind in StepKind]), max_size=20))
def test_nobody_is_counted_twice_and_nobody_taken_back_at_all(states):
    told = numbers([hop(state) for state in states])
    assert told.crews == sum(state not in {"withdrawn", "replaced"} for state in states)
    assert told.crews >= told.answered >= told.moving >= told.arrived >= told.done
    assert told.answered + told.silent + told.returned <= told.crews


def test_centres_are_no_crews():
    assert numbers([hop("accepted", holder="centre")]).crews == 0


def test_an_order_is_read_as_it_was_said_at_the_moment():
    turns = [
        Turn(minute(20), ChangeKind.SUSPENDED, "抽水"),
        Turn(minute(10), ChangeKind.AMENDED, "排水"),
    ]
    assert order_then("抽水", turns, until=minute(5)) == ("排水", OrderStanding.IN_FORCE)
    assert order_then("抽水", turns, until=minute(15)) == ("抽水", OrderStanding.IN_FORCE)
    assert order_then("抽水", turns, until=minute(25)) == ("抽水", OrderStanding.SUSPENDED)


@given(st.permutations(range(6)))
def test_what_stands_on_a_sketch_does_not_hang_on_the_order_of_arrival(order):
    ids = [UUID(int=n) for n in range(6)]
    log = [SimpleNamespace(id=ids[n], removes_id=ids[n - 3] if n > 3 else None) for n in order]
    assert {line.id for line in standing(log)} == {ids[0], ids[3]}
