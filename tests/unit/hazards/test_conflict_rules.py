"""Which version holds, and which does not: pure."""

from uuid import uuid4

import pytest

from gis.errors import Conflict, Rejected
from hazards.conflicts import rules
from hazards.conflicts.rules import Choice, Kind

FIRST, SECOND = uuid4(), uuid4()


@pytest.mark.parametrize(
    ("choice", "aside"),
    [(Choice.OPEN, None), (Choice.FIRST, SECOND), (Choice.SECOND, FIRST), (Choice.BOTH, None)],
)
def test_what_does_not_hold_is_set_aside_and_before_a_ruling_nothing_is(choice, aside):
    assert rules.aside(choice, FIRST, SECOND) == aside


@pytest.mark.parametrize("kind", [Kind.LABEL, Kind.ASSET])
def test_the_register_and_a_visit_it_denies_do_not_both_hold(kind):
    assert Choice.BOTH not in rules.choices(kind)
    with pytest.raises(Rejected):
        rules.check(kind, Choice.OPEN, Choice.BOTH, "到现场看过")


def test_the_same_ruling_twice_and_one_without_a_reason_are_refused():
    with pytest.raises(Conflict):
        rules.check(Kind.NUMBER, Choice.FIRST, Choice.FIRST, "到现场看过")
    with pytest.raises(Rejected):
        rules.check(Kind.NUMBER, Choice.OPEN, Choice.FIRST, "")


def test_the_number_of_a_second_version_follows_from_the_first_and_its_content():
    one, other = rules.second_id(FIRST, b"a"), rules.second_id(FIRST, b"b")
    assert one == rules.second_id(FIRST, b"a")
    assert len({FIRST, one, other}) == 3
    assert rules.id_of(Kind.LIST, FIRST, one) != rules.id_of(Kind.NUMBER, FIRST, one)
