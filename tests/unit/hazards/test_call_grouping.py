"""A storm of calls reaches a person as a few messages, and none of it is left out."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from hazards.calls.grouping import LIMITS, Waiting, parcels
from hazards.calls.rules import Urgency

START = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)


def waiting(number: int, urgency: Urgency = Urgency.URGENT, *, ringing: bool = False) -> Waiting:
    return Waiting(UUID(int=number + 1), urgency, START, ringing)


def test_a_few_matters_come_one_by_one():
    assert [len(p) for p in parcels([waiting(1), waiting(2)], [], now=START)] == [1, 1]


def test_the_same_matter_is_told_once_however_many_rungs_ask():
    assert len(parcels([waiting(1)] * 1000, [], now=START)) == 1


def test_a_message_that_still_waits_for_its_answer_is_changed_not_repeated():
    assert parcels([waiting(1, ringing=True)], [], now=START) == []


def test_many_matters_come_as_one_message_the_loudest_first():
    many = [waiting(n) for n in range(20)] + [waiting(99, Urgency.FLASH)]
    (parcel,) = parcels(many, [], now=START)
    assert len(parcel) == 21
    assert parcel[0] == UUID(int=100)


def test_what_is_too_much_waits_a_little_and_then_comes_whole():
    sent = [START - timedelta(seconds=s) for s in (30, 20, 10)]
    assert parcels([waiting(1)], sent, now=START) == []
    assert parcels([waiting(1)], sent, now=START + LIMITS.quiet) == [(UUID(int=2),)]


@given(st.lists(st.integers(0, 600), min_size=1, max_size=300))
def test_a_storm_of_any_shape_is_a_few_messages_and_all_of_it_is_told(seconds):
    sent, told, open_ones = [], [], []
    for second in range(0, 600 + int(LIMITS.quiet.total_seconds()) + 1, 10):
        now = START + timedelta(seconds=second)
        due = [n for n, s in enumerate(seconds) if s <= second and n not in told]
        open_ones = [waiting(n) for n in due]
        for parcel in parcels(open_ones, sent, now=now):
            sent.append(now)
            told += [matter.int - 1 for matter in parcel]
    assert sorted(told) == list(range(len(seconds)))
    assert len(sent) <= LIMITS.singles + 720 // LIMITS.quiet.total_seconds() + 1
