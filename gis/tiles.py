"""Map tiles: z/x/y to bytes that the database writes and nobody touches on the way.

Below a crossover zoom features are counted per cell, above it they are drawn slim; every
feature lies in exactly one tile, so that the counts of a zoom add up to the ledger's total.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Executable,
    Float,
    Integer,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import psycopg

from gis.areas.rules import AreaLevel
from gis.errors import Missing
from gis.store.base import WGS84

EXTENT = 4096
MAX_ZOOM = 22
CELL_BITS = 3
CELLS_PER_SIDE = 2**CELL_BITS
"""A counted tile has 8 × 8 cells: 64 pixels each, room for a ring with its number."""

POSITION_BITS = 32
"""Positions on the square map count from 0 to 2^32: a centimetre each."""

PIXELS = 512
KEPT_SQUARES = 1_000

# From this zoom on a level is drawn; the tree is never drawn deeper than eyes can tell apart.
LEVEL_FROM_ZOOM = {
    AreaLevel.CITY: 0,
    AreaLevel.DISTRICT: 4,
    AreaLevel.STREET: 9,
    AreaLevel.COMMUNITY: 12,
    AreaLevel.GRID: 14,
}

DRAW_AREAS = """
WITH tile AS (
    SELECT ST_TileEnvelope(%(tile_z)s, %(tile_x)s, %(tile_y)s) AS metres, ST_Transform(
        ST_TileEnvelope(%(tile_z)s, %(tile_x)s, %(tile_y)s, margin => 0.0625), 4326) AS degrees
), valid AS (
    SELECT area.*, tile.metres FROM area, tile
    WHERE area.level = ANY(%(levels)s) AND area.validity @> CAST(%(day)s AS date)
      AND (area.boundary && tile.degrees OR area.centre && tile.degrees)
), areas AS (
    SELECT code, level, path, name, name_en, boundary_kind,
           ST_AsMVTGeom(ST_Transform(ST_Simplify(boundary, %(tolerance)s, true), 3857),
                        metres, 4096, 128, true) AS shape
    FROM valid
), labels AS (
    SELECT code, level, path, name, name_en, coalesce(population, 0) AS population,
           ST_AsMVTGeom(ST_Transform(coalesce(centre, ST_PointOnSurface(boundary)), 3857),
                        metres, 4096, 0, true) AS shape
    FROM valid WHERE level <> 'city'
), waters AS (
    SELECT name, name_en,
           ST_AsMVTGeom(ST_Transform(ST_Simplify(water.shape, %(tolerance)s, true), 3857),
                        metres, 4096, 64, true) AS shape
    FROM water, tile WHERE water.shape && tile.degrees
      AND greatest(ST_XMax(water.shape) - ST_XMin(water.shape),
                   ST_YMax(water.shape) - ST_YMin(water.shape)) > 2 * %(tolerance)s
)
SELECT (SELECT coalesce(ST_AsMVT(areas, 'areas', 4096, 'shape'), '')
        FROM areas WHERE shape IS NOT NULL)
    || (SELECT coalesce(ST_AsMVT(labels, 'labels', 4096, 'shape'), '')
        FROM labels WHERE shape IS NOT NULL)
    || (SELECT coalesce(ST_AsMVT(waters, 'water', 4096, 'shape'), '')
        FROM waters WHERE shape IS NOT NULL)
"""

DIALECT = psycopg.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's own


@dataclass(frozen=True, slots=True)
class Drawing:
    """A query that writes a tile or nothing, ready for the driver: made once, asked often."""

    text: str
    values: Mapping[str, Any]

    def at(self, tile: "Tile", **more: Any) -> "Drawing":
        """Give it for one square of the map."""
        return Drawing(self.text, {**self.values, **values_of(tile), **more})


def drawing(query: Executable) -> Drawing:
    """Make a query ready; the square of the map stays open."""
    made = query.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})  # type: ignore[attr-defined]  # every query compiles
    return Drawing(str(made), made.params)


@dataclass(frozen=True, slots=True)
class Tile:
    """One square of the map."""

    z: int
    x: int
    y: int

    def __post_init__(self) -> None:
        """Refuse a square that is not on the map."""
        side = 2**self.z if 0 <= self.z <= MAX_ZOOM else 0
        if not (0 <= self.x < side and 0 <= self.y < side):
            raise Missing("There is no such map tile.")

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Give west, south, east, north in degrees."""
        side = 2**self.z
        north, south = (
            math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / side))))
            for row in (self.y, self.y + 1)
        )
        return self.x / side * 360 - 180, south, (self.x + 1) / side * 360 - 180, north


@lru_cache(KEPT_SQUARES)
def values_of(tile: Tile) -> Mapping[str, float]:
    """Give what queries ask of a square: see `HERE`."""
    west, south, east, north = tile.bounds
    return {
        "tile_z": tile.z,
        "tile_x": tile.x,
        "tile_y": tile.y,
        "west": west,
        "south": south,
        "east": east,
        "north": north,
        "beyond_tile": POSITION_BITS - tile.z,
        "beyond_cell": POSITION_BITS - tile.z - CELL_BITS,
        "side": float(2 ** (POSITION_BITS - tile.z)),
    }


KINDS: dict[str, Any] = {name: Float() for name in ("west", "south", "east", "north", "side")}
KINDS |= dict.fromkeys(("tile_z", "tile_x", "tile_y", "beyond_tile", "beyond_cell"), Integer())
HERE = {name: bindparam(name, None, type_=kind) for name, kind in KINDS.items()}
"""The square of the map in a query, open until it is asked."""

BOX = func.ST_MakeEnvelope(HERE["west"], HERE["south"], HERE["east"], HERE["north"], WGS84)


def areas(tile: Tile, *, day: date) -> Drawing:
    """Draw the areas of a day: outlines, the points their names stand at, and the water there."""
    levels = [str(level) for level, zoom in LEVEL_FROM_ZOOM.items() if tile.z >= zoom]
    half_pixel = 360 / 2**tile.z / PIXELS / 2
    return Drawing(DRAW_AREAS, {}).at(tile, levels=levels, day=day, tolerance=half_pixel)


class Place:
    """Where a point column lies in the square map and in one tile of it, in whole numbers.

    Plain arithmetic instead of ST_Transform: half the time of a slim tile is projection. The
    numbers are those of the count pyramid: each zoom's tiles and cells are bits of them.
    """

    def __init__(self, column: Any) -> None:
        self._column = column
        self.across: ColumnElement[int] = func.map_across(column, type_=BigInteger)
        self.down: ColumnElement[int] = func.map_down(column, type_=BigInteger)

    def inside(self) -> ColumnElement[bool]:
        """Hold for what lies in this tile and in no other: by the index first, then exactly."""
        return and_(
            self._column.bool_op("&&")(BOX),
            self.across.bitwise_rshift(HERE["beyond_tile"]) == HERE["tile_x"],
            self.down.bitwise_rshift(HERE["beyond_tile"]) == HERE["tile_y"],
        )

    def cell(self) -> ColumnElement[int]:
        """Number the cells of the tile, row by row."""
        last = literal(CELLS_PER_SIDE - 1, BigInteger)
        column = self.across.bitwise_rshift(HERE["beyond_cell"]).bitwise_and(last)
        row = self.down.bitwise_rshift(HERE["beyond_cell"]).bitwise_and(last)
        return cast(row * CELLS_PER_SIDE + column, Integer)


def shape(across: ColumnElement[Any], down: ColumnElement[Any]) -> ColumnElement[object]:
    """Give a position as a point in the tile's own units."""
    return func.ST_MakePoint(
        func.round((cast(across, Float) / HERE["side"] - HERE["tile_x"]) * EXTENT),
        func.round((cast(down, Float) / HERE["side"] - HERE["tile_y"]) * EXTENT),
    )


def drawn(
    columns: Sequence[Any], place: Place, where: Sequence[ColumnElement[bool]]
) -> Select[Any]:
    """Give the rows of a slim layer: each feature with few columns."""
    at = shape(place.across, place.down).label("shape")
    return select(*columns, at).where(*where, place.inside())


def counted(figures: Sequence[Any], cells: Subquery) -> Select[Any]:
    """Give the rows of a counting layer from sums per cell, each near the middle of its points.

    A quarter of the way from the mean of the points to the cell's own middle: the mean alone lets
    two neighbouring cells put their rings on top of each other.
    """
    row, column = cells.c.cell / CELLS_PER_SIDE, cells.c.cell % CELLS_PER_SIDE
    across, down = (
        cast(sums, Float) / cast(cells.c.points, Float) * 0.75
        + ((cast(func.floor(at), Float) + 0.5) / CELLS_PER_SIDE + start) * HERE["side"] * 0.25
        for sums, at, start in (
            (cells.c.across, column, HERE["tile_x"]),
            (cells.c.down, row, HERE["tile_y"]),
        )
    )
    return select(*figures, shape(across, down).label("shape")).where(cells.c.points > 0)


def as_layer(rows: Select[Any], name: str, *, most: int | None = None) -> Select[Any]:
    """Give the query that writes rows with a `shape` column as one layer of a tile.

    With `most` it gives nothing when the rows are more than a tile should hold.
    """
    layer = func.ST_AsMVT(literal_column("shown"), literal(name), EXTENT, "shape")
    if most is None:
        return select(layer).select_from(rows.subquery("shown"))
    shown = rows.limit(most + 1).subquery("shown")
    return select(case((func.count() <= most, layer))).select_from(shown)
