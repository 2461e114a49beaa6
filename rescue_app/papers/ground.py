"""The ground under paper maps: outlines of an area and its streets, water, disaster records."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, column, func, literal, select, table
from sqlalchemy.orm import Session

from gis.areas import repository as areas
from gis.areas.models import Area, AreaLevel
from gis.areas.repository import AFTER_SLASH
from gis.store.base import Shape
from hazards.events.models import DisasterEvent

WATER = table("water", column("shape", Shape("GEOMETRY")))
"""As much of the water as a map shows: its module reads files too, which the server never does."""
TOLERANCE_DEG = 0.0004
"""About 40 m: paper shows no more of an outline, and a file of a district stays light."""
Box = tuple[float, float, float, float]
LEVELS = (AreaLevel.DISTRICT, AreaLevel.STREET)


@dataclass(frozen=True, slots=True)
class Outline:
    """An area as paper shows it."""

    path: str
    name: str
    name_en: str
    level: str
    kind: str
    shape: MultiPolygon


def outlines(session: Session, under: str, *, day: date) -> list[Outline]:
    """Give an area and its districts and streets, the area itself first."""
    return _outlines(session, day, areas.within(under),
                     Area.level.in_(LEVELS) | (Area.path == under))  # fmt: skip


def streets_in(session: Session, edge: Box, *, day: date) -> list[Outline]:
    """Give the streets that a box reaches; whose they are does not matter."""
    reached = Area.boundary.bool_op("&&")(literal(shapely.box(*edge), Shape("POLYGON")))
    return _outlines(session, day, Area.level == AreaLevel.STREET, reached)


def _outlines(session: Session, day: date, *where: ColumnElement[bool]) -> list[Outline]:
    simple = func.ST_Multi(
        func.ST_CollectionExtract(
            func.ST_MakeValid(func.ST_SimplifyPreserveTopology(Area.boundary, TOLERANCE_DEG)), 3
        ),
        type_=Shape("MULTIPOLYGON"),
    )
    query = (
        select(Area.path, Area.name, Area.name_en, Area.level, Area.boundary_kind, simple)
        .where(*where, areas.valid(day), Area.boundary.is_not(None))
        .order_by(Area.path)
    )
    return [
        Outline(path, name, name_en, level, kind, shape)
        for path, name, name_en, level, kind, shape in session.execute(query)
        if isinstance(shape, MultiPolygon) and not shape.is_empty
    ]


def water(session: Session, box: Box) -> list[BaseGeometry]:
    """Give the rivers and lakes inside a box, cut at its edge."""
    seen = literal(shapely.box(*box), Shape("POLYGON"))
    cut = func.ST_SimplifyPreserveTopology(
        func.ST_Intersection(func.ST_MakeValid(WATER.c.shape), seen),
        TOLERANCE_DEG,
        type_=Shape("GEOMETRY"),
    )
    found = session.scalars(select(cut).where(func.ST_Intersects(WATER.c.shape, seen)))
    return [one for one in found if one is not None and not one.is_empty]


def records(session: Session, under: str, *, most: int) -> Sequence[DisasterEvent]:
    """Give the disaster records of an area, the latest first."""
    of = DisasterEvent
    here = (of.area_path >= under, of.area_path < under[:-1] + AFTER_SLASH)
    query = select(of).where(*here).order_by(of.happened_at.desc(), of.id)
    return session.scalars(query.limit(most)).all()
