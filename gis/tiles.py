"""Map tiles: z/x/y to bytes that the database writes and nobody touches on the way.

Below a crossover zoom features are counted per cell, above it they are drawn slim; every
feature lies in exactly one tile, so that the counts of a zoom add up to the ledger's total.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Float,
    Integer,
    Select,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    select,
    text,
)
from sqlalchemy.orm import Session

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

# From this zoom on a level is drawn; the tree is never drawn deeper than eyes can tell apart.
LEVEL_FROM_ZOOM = {AreaLevel.CITY: 0, AreaLevel.DISTRICT: 4, AreaLevel.STREET: 9}

AREAS = text("""
WITH tile AS (
    SELECT ST_TileEnvelope(:z, :x, :y) AS metres,
           ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 0.0625), 4326) AS degrees
), valid AS (
    SELECT area.*, tile.metres FROM area, tile
    WHERE area.level = ANY(:levels) AND area.validity @> CAST(:day AS date)
      AND (area.boundary && tile.degrees OR area.centre && tile.degrees)
), areas AS (
    SELECT code, level, path, name, name_en, boundary_kind,
           ST_AsMVTGeom(ST_Transform(ST_Simplify(boundary, :tolerance, true), 3857),
                        metres, 4096, 128, true) AS shape
    FROM valid
), labels AS (
    SELECT code, level, path, name, name_en, coalesce(population, 0) AS population,
           ST_AsMVTGeom(ST_Transform(coalesce(centre, ST_PointOnSurface(boundary)), 3857),
                        metres, 4096, 0, true) AS shape
    FROM valid WHERE level <> 'city'
)
SELECT (SELECT coalesce(ST_AsMVT(areas, 'areas', 4096, 'shape'), '')
        FROM areas WHERE shape IS NOT NULL)
    || (SELECT coalesce(ST_AsMVT(labels, 'labels', 4096, 'shape'), '')
        FROM labels WHERE shape IS NOT NULL)
""")

LIVE_VERSION = text("SELECT live_seq(:topic)")


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


def areas(session: Session, tile: Tile, *, day: date) -> bytes:
    """Draw the areas of a day: outlines and the points their names stand at."""
    levels = [level for level, zoom in LEVEL_FROM_ZOOM.items() if tile.z >= zoom]
    half_pixel = 360 / 2**tile.z / PIXELS / 2
    values = {"z": tile.z, "x": tile.x, "y": tile.y, "levels": levels, "day": day}
    drawn = session.scalar(AREAS, values | {"tolerance": half_pixel})
    return bytes(drawn or b"")


def live_version(session: Session, topic: str) -> str:
    """Give a word that changes when anything of a topic does."""
    return str(session.scalar(LIVE_VERSION, {"topic": topic}))


class Place:
    """Where a point column lies in the square map and in one tile of it, in whole numbers.

    Plain arithmetic instead of ST_Transform: half the time of a slim tile is projection. The
    numbers are those of the count pyramid: each zoom's tiles and cells are bits of them.
    """

    def __init__(self, column: Any, tile: Tile) -> None:
        self._column = column
        self.tile = tile
        self.across: ColumnElement[int] = func.map_across(column, type_=BigInteger)
        self.down: ColumnElement[int] = func.map_down(column, type_=BigInteger)

    def inside(self) -> ColumnElement[bool]:
        """Hold for what lies in this tile and in no other: by the index first, then exactly."""
        box = func.ST_MakeEnvelope(*self.tile.bounds, WGS84)
        beyond = literal(POSITION_BITS - self.tile.z, Integer)
        return and_(
            self._column.bool_op("&&")(box),
            self.across.bitwise_rshift(beyond) == self.tile.x,
            self.down.bitwise_rshift(beyond) == self.tile.y,
        )

    def cell(self) -> ColumnElement[int]:
        """Number the cells of the tile, row by row."""
        beyond = literal(POSITION_BITS - self.tile.z - CELL_BITS, Integer)
        across, down = (p.bitwise_rshift(beyond) for p in (self.across, self.down))
        last = CELLS_PER_SIDE - 1
        row, column = down.bitwise_and(last), across.bitwise_and(last)
        return cast(row * CELLS_PER_SIDE + column, Integer)


def shape(
    tile: Tile, across: ColumnElement[Any], down: ColumnElement[Any]
) -> ColumnElement[object]:
    """Give a position as a point in the tile's own units."""
    side = float(2 ** (POSITION_BITS - tile.z))
    return func.ST_MakePoint(
        func.round(cast(across, Float) / side * EXTENT - float(tile.x * EXTENT)),
        func.round(cast(down, Float) / side * EXTENT - float(tile.y * EXTENT)),
    )


def drawn(
    columns: Sequence[Any], place: Place, where: Sequence[ColumnElement[bool]]
) -> Select[Any]:
    """Give the rows of a slim layer: each feature with few columns."""
    at = shape(place.tile, place.across, place.down).label("shape")
    return select(*columns, at).where(*where, place.inside())


def counted(figures: Sequence[Any], tile: Tile, cells: Subquery) -> Select[Any]:
    """Give the rows of a counting layer from sums per cell, each near the middle of its points.

    A quarter of the way from the mean of the points to the cell's own middle: the mean alone lets
    two neighbouring cells put their rings on top of each other.
    """
    row, column = cells.c.cell / CELLS_PER_SIDE, cells.c.cell % CELLS_PER_SIDE
    width = 2 ** (POSITION_BITS - tile.z - CELL_BITS)
    across, down = (
        cast(sums, Float) / cast(cells.c.points, Float) * 0.75
        + (cast(func.floor(at), Float) + (start * CELLS_PER_SIDE + 0.5)) * (0.25 * width)
        for sums, at, start in (
            (cells.c.across, column, tile.x),
            (cells.c.down, row, tile.y),
        )
    )
    middle = shape(tile, across, down).label("shape")
    return select(*figures, middle).where(cells.c.points > 0)


def encoded(session: Session, rows: Select[Any], name: str) -> bytes:
    """Write rows with a `shape` column as one layer of a tile."""
    shown = rows.subquery("shown")
    return bytes(session.scalar(select(layer(name)).select_from(shown)) or b"")


def encoded_within(session: Session, rows: Select[Any], name: str, *, most: int) -> bytes | None:
    """Write rows as a layer, or give nothing when they are more than a tile should hold."""
    shown = rows.limit(most + 1).subquery("shown")
    few_enough = case((func.count() <= most, layer(name)))
    content = session.scalar(select(few_enough).select_from(shown))
    return None if content is None else bytes(content)


def layer(name: str) -> ColumnElement[bytes]:
    """Write the rows of `shown` as a layer."""
    return func.ST_AsMVT(literal_column("shown"), literal(name), EXTENT, "shape")
