"""What a map asks before it draws: the box that holds an area."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.areas.models import Area
from gis.areas.repository import valid

SIGHT_DEG = 0.05
"""Half a side of what is shown around an area of which only a point is known."""

Bounds = tuple[float, float, float, float]
SIDES = (func.ST_XMin, func.ST_YMin, func.ST_XMax, func.ST_YMax)


def extent(session: Session, path: str, on: date | None = None) -> Bounds | None:
    """Give west, south, east, north of an area, or of its point with some sight around it."""
    shape = func.coalesce(Area.boundary, func.ST_Expand(Area.centre, SIGHT_DEG))
    box = func.ST_Extent(shape).label("box")
    framed = select(box).where(Area.path == path, valid(on)).subquery()
    west, south, east, north = session.execute(select(*(s(framed.c.box) for s in SIDES))).one()
    return None if west is None else (west, south, east, north)
