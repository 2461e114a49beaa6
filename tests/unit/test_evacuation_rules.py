"""How a household stands is the same for every order of arrival, and one person never suffices."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import Conflict, Rejected
from rescue_app.evacuation.rules import (
    SAFE,
    Home,
    Shelter,
    Standing,
    Step,
    StepKind,
    Team,
    checked_note,
    common_path,
    propose,
    require_clear,
    state_of,
)

START = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
PEOPLE = [UUID(int=n) for n in range(1, 4)]


@st.composite
def logs(draw):
    steps = []
    for number in range(draw(st.integers(0, 8))):
        kind = draw(st.sampled_from(StepKind))
        named = draw(st.sampled_from(steps)).id if kind is StepKind.CONFIRMED and steps else None
        at = START + timedelta(minutes=draw(st.integers(0, 5)))
        by = draw(st.sampled_from(PEOPLE))
        steps.append(Step(UUID(int=100 + number), kind, by, at, named))
    return steps


def simply(steps):
    """The model: walk the deeds in time; whoever says the same safe thing, or confirms, vouches."""
    standing, kind, vouching = "waiting", None, set()
    for step in sorted(steps, key=lambda one: (one.done_at, one.id)):
        if step.kind == "confirmed":
            continue
        if step.kind != kind:
            kind, vouching = step.kind, set()
        vouching |= {step.by_id, *(one.by_id for one in steps if one.confirms == step.id)}
        standing = ("verified" if len(vouching) > 1 else "said") if kind in SAFE else kind
    return standing


@given(logs(), st.randoms())
def test_any_order_of_arrival_and_any_repeat_gives_the_same_state(steps, chance):
    arrived = [*steps, *steps[:3]]
    chance.shuffle(arrived)
    assert state_of(arrived) == state_of(steps)
    assert state_of(arrived).standing == simply(steps)


@given(logs())
def test_one_person_alone_never_verifies_a_household(steps):
    alone = [Step(one.id, one.kind, PEOPLE[0], one.done_at, one.confirms) for one in steps]
    assert state_of(alone).standing is not Standing.VERIFIED


def test_who_went_back_is_not_verified_though_it_was_confirmed_before():
    there = Step(UUID(int=9), StepKind.AT_SHELTER, PEOPLE[0], START)
    vouched = Step(UUID(int=10), StepKind.CONFIRMED, PEOPLE[1], START, there.id)
    assert state_of([there, vouched]).sheltered
    late = START + timedelta(hours=1)
    back = Step(UUID(int=11), StepKind.RETURNED, PEOPLE[2], late)
    assert state_of([there, vouched, back]).standing is Standing.RETURNED


def test_the_frail_go_first_to_the_nearest_shelter_with_room():
    near, far, crew, other = (UUID(int=n) for n in (20, 21, 30, 31))
    strong, frail = Home(UUID(int=1), "/1/2/", 3, 0), Home(UUID(int=2), "/1/2/", 3, 1)
    away = {strong.id: 100.0, frail.id: 200.0}
    shelters = [Shelter(near, 4, away), Shelter(far, 9, dict.fromkeys(away, 900.0))]
    teams = [Team(crew, "/1/2/"), Team(other, "/1/3/")]
    first, second = propose([strong, frail], shelters, teams)
    assert (first.home, first.shelter, first.metres) == (frail, near, 200.0)
    assert (second.home, second.shelter, second.team) == (strong, far, crew)
    (nowhere,) = propose([Home(UUID(int=3), "/1/4/", 10, 0)], [], teams)
    assert (nowhere.shelter, nowhere.team) == (None, None)


def test_a_roster_belongs_to_the_smallest_area_that_holds_all_of_it():
    assert common_path(["/1/2/3/", "/1/2/4/5/"]) == "/1/2/"
    assert common_path(["/1/2/3/"]) == "/1/2/3/"


def test_the_all_clear_names_who_is_missing():
    with pytest.raises(Conflict, match="张三"):
        require_clear(["张三"])
    require_clear([])


def test_a_refusal_says_why():
    with pytest.raises(Rejected):
        checked_note(StepKind.REFUSED, "  ")
    assert checked_note(StepKind.FETCHED, " ") == ""
