"""What a map asks before it draws: the box that holds an area."""

from collections.abc import Sequence
from datetime import date

import shapely
from shapely.geometry.base import BaseGeometry
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


def count_inside(
    session: Session, path: str, places: Sequence[Sequence[float]], on: date | None = None
) -> int:
    """Count the places (longitude, latitude) in an area; of one without an outline, in its box.

    A frame alone would not do: of a city's neighbours every second point lies in it.
    """
    outline = session.scalar(select(Area.boundary).where(Area.path == path, valid(on)))
    box = None if outline is not None else extent(session, path, on)
    shape: BaseGeometry | None = shapely.box(*box) if box else outline
    if shape is None:
        return 0
    shapely.prepare(shape)
    longitudes, latitudes = [place[0] for place in places], [place[1] for place in places]
    return int(shapely.intersects_xy(shape, longitudes, latitudes).sum())
