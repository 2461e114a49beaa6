"""Grades follow the figures, states their one way."""

from decimal import Decimal

import pytest

from gis.errors import Rejected
from hazards.points import rules
from hazards.points.rules import Grade, GradeOrigin


@pytest.mark.parametrize(
    ("persons", "property_10k_yuan", "grade"),
    [
        (1000, None, "I"),
        (999, None, "II"),
        (500, None, "II"),
        (499, None, "III"),
        (100, None, "III"),
        (99, None, "IV"),
        (None, None, "IV"),
        (0, "10000", "I"),
        (0, "9999.99", "II"),
        (99, "500", "III"),
        (99, "499.99", "IV"),
        (500, "10000", "I"),
    ],
)
def test_the_worse_of_persons_and_property_gives_the_grade(persons, property_10k_yuan, grade):
    worth = None if property_10k_yuan is None else Decimal(property_10k_yuan)
    assert rules.computed_grade(persons=persons, property_10k_yuan=worth) == grade


def test_grades_sort_worst_first_as_plain_text():
    assert sorted(Grade) == [Grade.I, Grade.II, Grade.III, Grade.IV]


def test_a_grade_set_by_hand_needs_a_reason():
    with pytest.raises(Rejected, match="reason"):
        rules.graded(persons=3, property_10k_yuan=None, by_hand=Grade.I, reason="  ")
    by_hand = rules.graded(persons=3, property_10k_yuan=None, by_hand=Grade.I, reason="School.")
    assert by_hand == (Grade.I, GradeOrigin.BY_HAND, "School.")


def test_the_frail_are_among_the_threatened():
    rules.checked_frail(persons=5, frail=5)
    with pytest.raises(Rejected, match="6 frail"):
        rules.checked_frail(persons=5, frail=6)
    with pytest.raises(Rejected):
        rules.checked_frail(persons=None, frail=1)
