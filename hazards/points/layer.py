"""The ledger on the map: counts with the worst grade from afar, the points themselves from near.

The filter is the list's own, so that the map shows the set that the list lists.
"""

from typing import Any

from sqlalchemy import BigInteger, Select, Text, case, cast
from sqlalchemy.orm import Session

from gis.tiles import Place, Tile, counted, drawn, encoded, encoded_within
from hazards.points import counts
from hazards.points.filters import PointFilter
from hazards.points.rules import Grade

CROSSOVER_ZOOM = counts.FINEST_ZOOM + 1
"""From here on points are drawn; below, a tile would hold more than eyes can tell apart."""

MOST_DRAWN = 6_000
"""A tile with more points (400 KB) is counted at any zoom: nothing dropped, nothing too big."""


def tile(session: Session, where: Tile, asked: PointFilter, *, sight: str) -> bytes:
    """Draw the points that a filter means in one square of the map, for eyes on an area."""
    if where.z >= CROSSOVER_ZOOM:
        content = encoded_within(session, slim(where, asked), "points", most=MOST_DRAWN)
        if content is not None:
            return content
    return encoded(session, rings(where, asked, sight=sight), "counts")


def slim(where: Tile, asked: PointFilter) -> Select[*tuple[Any, ...]]:
    """Give the points of a tile with what their picture needs; the rest comes on click."""
    of = asked.entries()
    columns = (
        cast(of.id, Text).label("id"),
        of.category.label("category"),
        of.hazard_type.label("type"),
        of.grade.label("grade"),
    )
    return drawn(columns, Place(of.place, where), asked.conditions(of))


def rings(where: Tile, asked: PointFilter, *, sight: str) -> Select[*tuple[Any, ...]]:
    """Give each cell's number, its worst grade with its share, and the people threatened."""
    if where.z <= counts.FINEST_ZOOM and counts.answers(asked, sight=sight):
        cells = counts.cells(where, asked).subquery("cells")
    else:
        of = asked.entries()
        cells = counts.cells_counted(asked, of, Place(of.place, where)).subquery("cells")
    figures = (
        cast(cells.c.points, BigInteger).label("count"),
        case(*((cells.c[grade] > 0, grade) for grade in Grade)).label("worst"),
        cast(case(*((cells.c[g] > 0, cells.c[g]) for g in Grade)), BigInteger).label("worst_count"),
        cast(cells.c.persons, BigInteger).label("persons"),
    )
    return counted(figures, where, cells)
