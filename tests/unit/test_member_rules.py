"""Members of one crew speak at once, late and twice; each one's state is his own log's alone."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import Conflict, Forbidden, Missing, Rejected
from rescue_app.dispatch.drafts import Offer, PartDraft, StepDraft
from rescue_app.dispatch.members.rules import (
    changed_part,
    checked_parts,
    checked_word,
    tally,
)
from rescue_app.dispatch.rules import GONE, TAKEN_ON, How, StepKind, derive
from tests.notebook import replay, step

# What can stand in a member's log: nobody passes his part on, or climbs over him.
SAID = [
    kind
    for kind in StepKind
    if kind
    not in (StepKind.PASSED_DOWN, StepKind.CLIMBED_OVER, StepKind.REPLACED, StepKind.DECLINED)
]
MEMBERS = range(4)
NOW = datetime(2026, 7, 1, 18, 20, 30, tzinfo=UTC)
words = st.lists(
    st.tuples(
        st.integers(0, 60), st.sampled_from(MEMBERS), st.sampled_from(SAID), st.integers(0, 12)
    ),
    max_size=24,
    unique_by=lambda drawn: drawn[0],
).map(lambda drawn: [(who, step(number, kind, minute)) for number, who, kind, minute in drawn])


@given(words, st.data())
def test_each_member_stands_where_a_reader_of_his_own_lines_would_put_him(said, data):
    repeats = data.draw(st.lists(st.sampled_from(said), max_size=6)) if said else []
    logs = defaultdict(list)
    for who, line in data.draw(st.permutations(said + repeats)):
        logs[who].append(line)
    own = {who: {line for whose, line in said if whose == who} for who in MEMBERS}
    states = {who: derive(logs[who]) for who in MEMBERS}
    assert states == {who: replay(own[who]) for who in MEMBERS}
    counted = tally(Counter(state.kind for state in states.values()))
    kinds = [state.kind for state in states.values() if state.kind not in GONE]
    assert counted.asked == len(kinds) == counted.silent + counted.cannot + counted.answered
    assert counted.answered == sum(kind in TAKEN_ON for kind in kinds) >= counted.on_site


def test_parts_go_to_people_of_the_crew_once():
    one, other = UUID(int=1), UUID(int=2)
    twice = [PartDraft(one, " 守桥 "), PartDraft(one, "守桥")]
    crew = {"seated": {one, other}, "now": NOW}
    assert checked_parts(twice, **crew, busy=()) == [PartDraft(one, "守桥")]
    with pytest.raises(Missing):
        checked_parts([PartDraft(UUID(int=3))], **crew, busy=())
    with pytest.raises(Conflict):
        checked_parts([PartDraft(other)], **crew, busy={other})
    with pytest.raises(Rejected):
        checked_parts([], **crew, busy=())


def test_a_part_s_deadline_lies_ahead_and_one_that_stood_stays():
    one = UUID(int=1)
    late = PartDraft(one, "守桥", NOW - timedelta(seconds=1))
    with pytest.raises(Rejected, match="has passed"):
        checked_parts([late], seated={one}, busy=(), now=NOW)
    with pytest.raises(Rejected, match="has passed"):
        changed_part(PartDraft(one, "守桥"), late, now=NOW)
    assert changed_part(late, replace(late, words="守堤"), now=NOW).due_at == late.due_at
    with pytest.raises(Rejected, match="Nothing is changed"):
        changed_part(late, replace(late, due_at=late.due_at.replace(second=0)), now=NOW)


@pytest.mark.parametrize(
    ("draft", "error"),
    [
        (StepDraft(UUID(int=1), StepKind.CANNOT), Rejected),
        (StepDraft(UUID(int=1), StepKind.PASSED_DOWN), Rejected),
        (StepDraft(UUID(int=1), StepKind.CHANGE_TAKEN), Rejected),
        (StepDraft(UUID(int=1), StepKind.CANNOT, "腿伤", offer=Offer(means="船")), Rejected),
        (StepDraft(UUID(int=1), StepKind.ACCEPTED, entered_by="李队长"), Forbidden),
        (StepDraft(UUID(int=1), StepKind.ARRIVED, entered_by="李", how=How.GEOFENCE), Forbidden),
    ],
)
def test_what_no_member_says_is_refused(draft, error):
    with pytest.raises(error):
        checked_word(draft, about_change=False)
