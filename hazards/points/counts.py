"""The count pyramid: sums per cell of every zoom, written by the change itself (0014_counts).

Each changed point appends rows that add and take away; sums over them are right at any moment.
`compact` melts rows of one key into one, now and then.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    Select,
    SmallInteger,
    Table,
    Text,
    func,
    select,
)
from sqlalchemy.orm import Session

from gis.store.base import Base
from gis.tiles import HERE, Place
from hazards.points.filters import PointFilter
from hazards.points.models import HazardPoint
from hazards.points.rules import Grade

FINEST_ZOOM = 10
DISTRICT_DEPTH = 2
"""The pyramid knows districts, nothing smaller: paths of two codes."""

COUNTS = Table(
    "point_count",
    Base.metadata,
    Column("zoom", SmallInteger, nullable=False),
    Column("tile_x", Integer, nullable=False),
    Column("tile_y", Integer, nullable=False),
    Column("cell", SmallInteger, nullable=False),
    Column("area_path", Text(collation="C"), nullable=False),
    Column("category", Text, nullable=False),
    Column("grade", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("points", BigInteger, nullable=False),
    Column("persons", BigInteger, nullable=False),
    Column("across", BigInteger, nullable=False),
    Column("down", BigInteger, nullable=False),
    Index("ix_point_count_tile", "zoom", "tile_x", "tile_y"),
)


def answers(asked: PointFilter, *, sight: str) -> bool:
    """Tell whether the pyramid can answer: its keys only, for someone who sees whole districts."""
    return asked.is_coarse() and all(
        path.count("/") <= DISTRICT_DEPTH + 1 for path in (sight, *asked.areas)
    )


def total(asked: PointFilter) -> Select[int]:
    """Give how many a filter means: at zoom 0 one tile holds them all, in a few hundred rows."""
    here = COUNTS.c
    every = func.coalesce(func.sum(here.points, type_=BigInteger), 0)
    top = (here.zoom == 0, here.tile_x == 0, here.tile_y == 0)
    return select(every).where(*top, *asked.coarse_conditions(here))


def cells(asked: PointFilter) -> Select[*tuple[Any, ...]]:
    """Give the sums of a tile's cells, from the pyramid."""
    here = COUNTS.c
    return (
        select(
            here.cell,
            func.sum(here.points).label("points"),
            func.sum(here.persons).label("persons"),
            func.sum(here.across).label("across"),
            func.sum(here.down).label("down"),
            *(func.sum(here.points).filter(here.grade == grade).label(grade) for grade in Grade),
        )
        .where(
            here.zoom == HERE["tile_z"],
            here.tile_x == HERE["tile_x"],
            here.tile_y == HERE["tile_y"],
        )
        .where(*asked.coarse_conditions(here))
        .group_by(here.cell)
    )


def cells_counted(
    asked: PointFilter, of: type[HazardPoint], place: Place
) -> Select[*tuple[Any, ...]]:
    """Give the same sums counted on the spot, for what the pyramid does not know."""
    one = func.count
    return (
        select(
            place.cell().label("cell"),
            one().label("points"),
            func.sum(func.coalesce(of.threatened_persons, 0)).label("persons"),
            func.sum(place.across).label("across"),
            func.sum(place.down).label("down"),
            *(one().filter(of.grade == grade).label(grade) for grade in Grade),
        )
        .where(*asked.conditions(of), place.inside())
        .group_by("cell")
    )


def compact(session: Session) -> int:
    """Melt rows of the same key into one; give how many went. Sums stay the same throughout."""
    return session.scalar(select(func.compact_point_counts())) or 0
