"""A finding's standing is the same in whatever order its steps arrive."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import Conflict
from qr_codes.findings import rules
from qr_codes.findings.rules import Standing, State, Step, Taken

START = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
A, B, C = UUID(int=1), UUID(int=2), UUID(int=3)
ROUND = (
    (Step.DISCOVER, None), (Step.ROUTE, A), (Step.ACCEPT, None), (Step.HAND_BACK, B),
    (Step.ACCEPT, None), (Step.ASSIST, C), (Step.BEGIN, None), (Step.FINISH, None),
    (Step.SEE_AGAIN, None), (Step.FINISH, None), (Step.VERIFY, None), (Step.SEND_BACK, None),
    (Step.FINISH, None), (Step.VERIFY, None), (Step.FEED_BACK, None),
)  # fmt: skip


def steps(*acts, gap=timedelta(minutes=10)):
    return [
        Taken(uuid4(), act, uuid4(), START + number * gap, START + number * gap, unit)
        for number, (act, unit) in enumerate(acts)
    ]


@given(st.permutations(steps(*ROUND)))
def test_any_order_of_arrival_gives_the_same_standing(shuffled):
    found = rules.standing(shuffled)
    assert found == rules.standing(sorted(shuffled, key=lambda step: step.at))
    assert (found.state, found.unit_id, found.helpers) == (State.FED_BACK, B, (C,))
    assert len(found.counted) == len(ROUND)


@given(st.lists(st.tuples(st.sampled_from(Step), st.sampled_from([None, A, B])), max_size=12),
       st.randoms())  # fmt: skip
def test_no_heap_of_steps_breaks_it_and_order_never_matters(acts, random):
    heap = steps((Step.DISCOVER, None), *acts)
    found = rules.standing(heap)
    random.shuffle(heap)
    assert rules.standing(heap) == found
    assert found.hand_backs <= rules.MOST_HAND_BACKS
    assert found.unowned >= timedelta()


def test_a_sight_that_arrives_late_does_not_undo_work_done_after_it():
    before = steps(*ROUND[:4], (Step.ACCEPT, None), (Step.BEGIN, None), (Step.FINISH, None))
    late = Taken(uuid4(), Step.SEE_AGAIN, uuid4(), before[-1].at - timedelta(minutes=5), START)
    assert rules.standing([*before, late]).state is State.FINISHED
    later = Taken(uuid4(), Step.SEE_AGAIN, uuid4(), before[-1].at + timedelta(minutes=5), START)
    assert rules.standing([*before, later]).state is State.IN_HAND


def test_time_without_an_owner_is_added_up():
    found = rules.standing(
        steps((Step.DISCOVER, None), (Step.ROUTE, A), (Step.HAND_BACK, B), (Step.ACCEPT, None))
    )
    assert found.unowned == timedelta(minutes=20)
    waiting = rules.standing(steps((Step.DISCOVER, None), (Step.ROUTE, A), (Step.HAND_BACK, B)))
    assert waiting.unowned_since == START + timedelta(minutes=20)


def test_there_is_no_third_hand_back_whatever_comes_between():
    twice = steps((Step.DISCOVER, None), (Step.ROUTE, A), (Step.HAND_BACK, B), (Step.HAND_BACK, A))
    now = rules.standing(twice)
    assert now.awaits_ruling
    third, ruling = (
        Taken(uuid4(), act, uuid4(), START + timedelta(days=1), START, C)
        for act in (Step.HAND_BACK, Step.RULE)
    )
    with pytest.raises(Conflict):
        rules.follow(twice, third)
    ruled = rules.standing([*twice, ruling])
    assert (ruled.unit_id, ruled.owned, ruled.awaits_ruling) == (C, True, False)
    assert isinstance(rules.refusal(ruled, Step.HAND_BACK), Conflict)


def test_nothing_is_verified_that_nobody_called_finished():
    for state in (State.DISCOVERED, State.ACCEPTED, State.IN_HAND):
        assert rules.refusal(Standing(state=state), Step.VERIFY) is not None


def sight(act, visit, minute):
    at = START + timedelta(minutes=minute)
    return Taken(uuid4(), act, uuid4(), at, at, inspection_id=visit)


@given(st.permutations(range(4)))
def test_a_sight_set_aside_does_not_count_and_the_last_word_of_the_review_holds(order):
    heap = [
        sight(Step.DISCOVER, A, 0), sight(Step.SEE_AGAIN, B, 5),
        sight(Step.SET_ASIDE, A, 20), sight(Step.SET_ASIDE, B, 30),
    ]  # fmt: skip
    found = rules.standing(heap[number] for number in order)
    assert (found.state, found.times_seen) == (State.SET_ASIDE, 0)
    assert found.verified_at == heap[3].heard_at
    again = rules.standing([*heap, sight(Step.COUNT_AGAIN, B, 40)])
    assert (again.state, again.times_seen) == (State.DISCOVERED, 1)
    assert again.unowned_since == heap[1].heard_at
    assert again.clock_from == heap[1].heard_at
