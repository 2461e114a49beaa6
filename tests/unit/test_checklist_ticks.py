"""What a crew ticked is a fact about the set of its ticks, never about how they came in."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import Rejected
from rescue_app.site.rules import Tick, checked_tick, ticked
from tests.notebook import at

logs = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 3), st.booleans(), st.integers(0, 8)),
    max_size=20,
    unique_by=lambda drawn: drawn[0],
).map(lambda drawn: [Tick(UUID(int=n), item, yes, at(minute)) for n, item, yes, minute in drawn])


def read_by_hand(log, item):
    """Who did an item: read its lines backwards until somebody took his tick back."""
    lines = sorted((one for one in log if one.item == item), key=lambda one: (one.done_at, one.id))
    found = None
    for line in reversed(lines):
        if not line.ticked:
            break
        found = line
    return found


@given(logs, st.data())
def test_ticks_repeated_and_in_any_order_add_up_to_what_a_reader_of_the_log_finds(log, data):
    repeats = data.draw(st.lists(st.sampled_from(log), max_size=6)) if log else []
    done = ticked(data.draw(st.permutations(log + repeats)))
    by_hand = {item: read_by_hand(log, item) for item in range(4)}
    assert done == {item: line for item, line in by_hand.items() if line is not None}


@pytest.mark.parametrize("item", [-1, 3])
def test_what_is_not_on_the_list_is_refused(item):
    with pytest.raises(Rejected, match="no such item"):
        checked_tick(Tick(UUID(int=1), item, True, at(0)), items=3)
