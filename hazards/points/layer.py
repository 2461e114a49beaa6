"""The ledger on the map: counts with the worst grade from afar, the points themselves from near.

The filter is the list's own, so that the map shows the set that the list lists.
"""

from collections.abc import Iterator
from functools import lru_cache

from sqlalchemy import BigInteger, Text, case, cast

from gis.tiles import Drawing, Place, Tile, as_layer, counted, drawing, drawn
from hazards.points import counts
from hazards.points.filters import PointFilter
from hazards.points.rules import Grade

CROSSOVER_ZOOM = counts.FINEST_ZOOM + 1
"""From here on points are drawn; below, a tile would hold more than eyes can tell apart."""

KEPT_QUESTIONS = 500
"""So many filters are kept as queries ready to ask: making one costs more than its answer."""

MOST_DRAWN = 6_000
"""A tile with more points (400 KB) is counted at any zoom: nothing dropped, nothing too big."""


def drawings(where: Tile, asked: PointFilter, *, sight: str) -> Iterator[Drawing]:
    """Give what draws a square for eyes on an area; the first that gives anything is the tile."""
    if where.z >= CROSSOVER_ZOOM:
        yield points_of(asked).at(where)
    pyramid = where.z <= counts.FINEST_ZOOM and counts.answers(asked, sight=sight)
    yield rings_of(asked, pyramid=pyramid).at(where)


@lru_cache(maxsize=KEPT_QUESTIONS)
def points_of(asked: PointFilter) -> Drawing:
    """Draw the points of a filter with what their picture needs; the rest comes on click."""
    of = asked.entries()
    columns = (
        cast(of.id, Text).label("id"),
        of.category.label("category"),
        of.hazard_type.label("type"),
        of.grade.label("grade"),
    )
    rows = drawn(columns, Place(of.place), asked.conditions(of))
    return drawing(as_layer(rows, "points", most=MOST_DRAWN))


@lru_cache(maxsize=KEPT_QUESTIONS)
def rings_of(asked: PointFilter, *, pyramid: bool) -> Drawing:
    """Draw each cell's number, its worst grade with its share, and the people threatened."""
    of = asked.entries()
    sums = counts.cells(asked) if pyramid else counts.cells_counted(asked, of, Place(of.place))
    cells = sums.subquery("cells")
    figures = (
        cast(cells.c.points, BigInteger).label("count"),
        case(*((cells.c[grade] > 0, grade.value) for grade in Grade)).label("worst"),
        cast(case(*((cells.c[g] > 0, cells.c[g]) for g in Grade)), BigInteger).label("worst_count"),
        cast(cells.c.persons, BigInteger).label("persons"),
    )
    return drawing(as_layer(counted(figures, cells), "counts"))
