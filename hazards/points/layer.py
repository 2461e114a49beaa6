"""The ledger on the map: counts with the worst grade from afar, the points themselves from near.

The filter is the list's own, so that the map shows the set that the list lists.
"""

from sqlalchemy import case, cast, func, literal
from sqlalchemy import types as sql
from sqlalchemy.orm import Session

from gis.tiles import Place, Tile, counted, drawn, encoded
from hazards.points.filters import PointFilter
from hazards.points.models import HazardPoint
from hazards.points.rules import Grade

CROSSOVER_ZOOM = 11
"""From here on points are drawn; below, a tile would hold more than eyes can tell apart."""

# The grades' names sort worst first, so the least is the worst.
WORST = func.min(HazardPoint.grade)
PER_GRADE = {grade: func.count().filter(HazardPoint.grade == grade) for grade in Grade}


def tile(session: Session, where: Tile, asked: PointFilter) -> bytes:
    """Draw the points that a filter means in one square of the map."""
    place = Place(HazardPoint.place, where)
    if where.z < CROSSOVER_ZOOM:
        worst_count = case(PER_GRADE, value=WORST, else_=literal(0))
        figures = (
            func.count().label("count"),
            WORST.label("worst"),
            worst_count.label("worst_count"),
        )
        return encoded(session, counted(figures, place, asked.conditions()), "counts")
    slim = (
        cast(HazardPoint.id, sql.Text).label("id"),
        HazardPoint.category.label("category"),
        HazardPoint.hazard_type.label("type"),
        HazardPoint.grade.label("grade"),
    )
    return encoded(session, drawn(slim, place, asked.conditions()), "points")
