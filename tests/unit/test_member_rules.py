"""Members of one crew speak at once, late and twice; each one's state is his own log's alone."""

from collections import defaultdict
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import Conflict, Forbidden, Missing, Rejected
from rescue_app.dispatch.drafts import Offer, PartDraft, StepDraft
from rescue_app.dispatch.members.rules import (
    MEMBER_LINE,
    checked_parts,
    checked_word,
    next_for_member,
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
    counted = tally(state.kind for state in states.values())
    kinds = [state.kind for state in states.values() if state.kind not in GONE]
    assert counted.asked == len(kinds) == counted.silent + counted.cannot + counted.answered
    assert counted.answered == sum(kind in TAKEN_ON for kind in kinds) >= counted.on_site


@given(st.sampled_from([kind for kind in SAID if kind is not StepKind.CHANGE_TAKEN]))
def test_the_one_big_button_leads_to_the_end_and_never_back(state):
    seen = []
    while (state := next_for_member(state)) is not None:
        seen.append(state)
    assert seen == list(MEMBER_LINE[len(MEMBER_LINE) - len(seen) :])


def test_parts_go_to_people_of_the_crew_once():
    one, other = UUID(int=1), UUID(int=2)
    twice = [PartDraft(one, " 守桥 "), PartDraft(one, "守桥")]
    assert checked_parts(twice, seated={one, other}, busy=()) == [PartDraft(one, "守桥")]
    with pytest.raises(Missing):
        checked_parts([PartDraft(UUID(int=3))], seated={one, other}, busy=())
    with pytest.raises(Conflict):
        checked_parts([PartDraft(other)], seated={one, other}, busy={other})
    with pytest.raises(Rejected):
        checked_parts([], seated={one}, busy=())


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
