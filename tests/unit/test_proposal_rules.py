"""Which crew goes first: by ability, duty and way; and what a proposal leaves to issue."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import Rejected
from rescue_app.plans.rules import Action
from rescue_app.proposals import rules
from rescue_app.proposals.rules import ActionDraft, Basis, BatchDraft, Crew, Terms

TERMS = Terms(factor=1.4, kmh=30, busy_min=30)
WORDS = ("drainage", "rescue", "pump", "boat")
crews = st.lists(
    st.builds(
        Crew,
        id=st.uuids(),
        name=st.just("队"),
        name_en=st.just("Crew"),
        area_path=st.just("/500000/500101/"),
        abilities=st.frozensets(st.sampled_from(WORDS)),
        on_duty=st.booleans(),
        load=st.integers(0, 3),
        metres=st.none() | st.floats(0, 50_000),
        drive_s=st.none() | st.floats(0, 7_200),
    ),
    max_size=12,
    unique_by=lambda crew: crew.id,
)
needs = st.sets(st.sampled_from(WORDS), max_size=3)


def action(code, *crew):
    return Action(code, "rescue", "IV", "lead", 30, "做", "Do", crew=crew)


def crew(number, *abilities, **more):
    facts = {"on_duty": True, "load": 0, "metres": 1_000.0} | more
    return Crew(UUID(int=number), "队", "Crew", "/", frozenset(abilities), **facts)


@given(crews, needs)
def test_who_goes_first_lacks_nothing_that_another_on_duty_has(found, asked):
    order = rules.fits(found, asked, given={}, terms=TERMS)
    assert {fit.crew.id for fit in order} == {one.id for one in found}
    lacking = [len(fit.lacks) for fit in order]
    assert lacking == sorted(lacking)
    able = [fit for fit in order if not fit.lacks]
    assert [fit.crew.on_duty for fit in able] == sorted(
        (f.crew.on_duty for f in able), reverse=True
    )
    ready = [fit for fit in able if fit.ready]
    cost = [fit.seconds + fit.load * TERMS.busy_min * 60 for fit in ready]
    assert cost == sorted(cost)


@given(crews, st.lists(needs, max_size=5), st.randoms())
def test_the_same_crews_in_any_order_give_the_same_proposal(found, asked, chance):
    actions = [action(f"a{n}", *sorted(need)) for n, need in enumerate(asked)]
    mixed = list(found)
    chance.shuffle(mixed)
    once = rules.lines(actions, found, issued=(), terms=TERMS)
    assert once == rules.lines(actions, mixed, issued=(), terms=TERMS)
    for line in once:
        assert line.chosen is None or line.chosen.ready


@given(st.sets(st.sampled_from("abcdef")), st.sets(st.sampled_from("abcdef")))
def test_what_is_issued_is_not_proposed_again_and_nothing_else_is_left_out(codes, issued):
    actions = [action(code) for code in sorted(codes)]
    proposed = rules.lines(actions, [], issued=issued, terms=TERMS)
    assert [line.action.code for line in proposed] == sorted(codes - issued)


def test_a_busy_crew_next_door_gives_way_to_a_free_one_a_little_farther():
    near, far = crew(1, "drainage", load=1), crew(2, "drainage", metres=5_000.0)
    first, second = rules.fits([near, far], ["drainage"], given={}, terms=TERMS)
    assert (first.crew, second.crew) == (far, near)
    assert first.basis is Basis.STRAIGHT
    assert first.seconds == 5_000 * 1.4 / 30 * 3.6


def test_a_way_on_the_road_graph_counts_before_a_straight_line():
    (fit,) = rules.fits([crew(1, metres=100.0, drive_s=900.0)], [], given={}, terms=TERMS)
    assert (fit.seconds, fit.basis) == (900.0, Basis.ROAD)


def test_an_action_without_a_need_takes_no_crew():
    (line,) = rules.lines([action("duty_1")], [crew(1, "drainage")], issued=(), terms=TERMS)
    assert line.chosen is None
    assert not line.fits


def test_of_many_actions_the_one_that_is_too_long_is_named():
    actions = tuple(
        ActionDraft(str(size), "patrol", "字" * size, 30, ("unit:1",)) for size in (500, 501)
    )
    draft = BatchDraft(
        UUID(int=1), UUID(int=2), "/1/2/", "III", "geological", 1, "urgent", "此处", actions
    )
    with pytest.raises(Rejected, match="too long") as refusal:
        rules.checked(draft)
    assert refusal.value.values == {"number": 2}
