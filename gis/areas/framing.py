"""What a map asks before it draws: where an area lies in the tree, and the box that holds it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.areas.models import Area

SIGHT_DEG = 0.05
"""Half a side of what is shown around an area of which only a point is known."""


@dataclass(frozen=True, slots=True)
class Step:
    """One area on the way from the city down."""

    path: str
    name: str
    name_en: str


def trail(session: Session, path: str, *, day: date) -> Sequence[Step]:
    """Give the areas from the city down to a path, as they were on a day."""
    codes = [code for code in path.split("/") if code]
    above = ["/" + "/".join(codes[: i + 1]) + "/" for i in range(len(codes))]
    query = (
        select(Area.path, Area.name, Area.name_en)
        .distinct(Area.path)
        .where(Area.path.in_(above), Area.validity.contains(day))
        .order_by(Area.path)
    )
    return [Step(*row) for row in session.execute(query)]


def extent(session: Session, path: str, *, day: date) -> tuple[float, float, float, float] | None:
    """Give west, south, east, north of an area, or of its point with some sight around it."""
    here = (Area.path == path, Area.validity.contains(day))
    shape = func.coalesce(Area.boundary, func.ST_Expand(Area.centre, SIGHT_DEG))
    box = select(func.ST_Extent(shape).label("box")).where(*here).subquery()
    sides = [side(box.c.box) for side in (func.ST_XMin, func.ST_YMin, func.ST_XMax, func.ST_YMax)]
    found = session.execute(select(*sides)).one()
    return None if found[0] is None else (found[0], found[1], found[2], found[3])
