"""The danger area is walked every few hours from the first household that left to the all-clear."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rescue_app.evacuation.patrol_rules import Rounds, due, ref, refs_until

LEFT = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
EVERY = timedelta(hours=4)
ROSTER = UUID(int=7)


@pytest.mark.parametrize(
    ("rounds", "hours"),
    [
        (Rounds(None, None), None),
        (Rounds(LEFT, None), 4),
        (Rounds(LEFT, LEFT + timedelta(hours=3)), 7),
        (Rounds(LEFT, LEFT - timedelta(hours=1)), 4),
        (Rounds(LEFT, LEFT, cleared=True), None),
    ],
)
def test_by_when_it_is_walked_again(rounds, hours):
    asked = None if hours is None else LEFT + timedelta(hours=hours)
    assert due(rounds, every=EVERY) == asked


@given(st.integers(0, 3_000))
def test_every_call_that_rang_about_a_missed_round_is_ended_by_the_next_one(minutes):
    now = LEFT + timedelta(minutes=minutes)
    at = due(Rounds(LEFT, None), every=EVERY)
    rang = {
        ref(ROSTER, at, every=EVERY, now=LEFT + timedelta(minutes=one))
        for one in range(240, minutes + 1, 7)
    }
    ended = refs_until(ROSTER, Rounds(LEFT, None), every=EVERY, now=now)
    assert rang <= set(ended)
    assert len(ended) == (max(0, minutes - 240) // 240 + 1 if minutes >= 240 else 0)
