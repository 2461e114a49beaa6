"""What lies inside: how many points, whom and what they threaten, by grade and category."""

from collections.abc import Mapping

from sqlalchemy import func
from sqlalchemy.orm import Session

from hazards.points.filters import PointFilter
from hazards.points.repository import chosen
from hazards.points.rules import Category, Grade

THREATENED = {
    "persons": "threatened_persons",
    "frail": "threatened_frail",
    "households": "threatened_households",
    "property_10k_yuan": "threatened_property_10k_yuan",
}

Figures = Mapping[str, float]


def summed(session: Session, asked: PointFilter) -> dict[str, float | Figures]:
    """Sum up all that a filter means, in one look over it."""
    of, one = asked.entries(), func.count
    sums = [func.coalesce(func.sum(getattr(of, c)), 0) for c in THREATENED.values()]
    grades = [one().filter(of.grade == grade) for grade in Grade]
    categories = [one().filter(of.category == category) for category in Category]
    row = session.execute(chosen(asked, of, [one(), *sums, *grades, *categories])).one()
    total, *figures = row
    threatened = dict(zip(THREATENED, map(float, figures), strict=False))
    by_grade = dict(zip(Grade, figures[len(sums) :], strict=False))
    by_category = dict(zip(Category, figures[len(sums) + len(grades) :], strict=True))
    return {"total": total, **threatened, "grades": by_grade, "categories": by_category}
