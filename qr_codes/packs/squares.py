"""Which squares of the map a street needs on a phone, and how deep: pure."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from gis.tiles import Tile

Bounds = tuple[float, float, float, float]

FARTHEST, NEAREST = 11, 14
"""Zooms that are carried; nearer ones are those enlarged, to half a metre at the nearest."""
MOST_SQUARES = 240
MOST_BYTES = 6_000_000
MARGIN_DEG = 0.003
"""Some 300 m: a bridge at the edge is not at the end of the world."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One square of the map: areas, water, points and assets, as a vector tile."""

    tile: Tile
    content: bytes

    @property
    def digest(self) -> str:
        """Give what tells it from any other."""
        return sha256(self.content).hexdigest()

    @property
    def said(self) -> list[int | str]:
        """Write it down as a pack lists it."""
        return [self.tile.z, self.tile.x, self.tile.y, len(self.content), self.digest]


def around(bounds: Bounds) -> Bounds:
    """Give a box with a margin."""
    west, south, east, north = bounds
    return west - MARGIN_DEG, south - MARGIN_DEG, east + MARGIN_DEG, north + MARGIN_DEG


def over(bounds: Bounds, zoom: int) -> Iterator[Tile]:
    """Give the squares of one zoom that a box touches."""
    west, south, east, north = bounds
    (left, top), (right, bottom) = at(west, north, zoom), at(east, south, zoom)
    for x in range(left, right + 1):
        for y in range(top, bottom + 1):
            yield Tile(zoom, x, y)


def at(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    """Give the square that a place lies in."""
    side = 2**zoom
    across = (lon + 180) / 360
    down = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    column, row = (min(max(int(part * side), 0), side - 1) for part in (across, down))
    return column, row


def wanted(bounds: Bounds) -> list[Tile]:
    """Give the squares of a street from afar to near; a wide one is carried less near."""
    found: list[Tile] = []
    for zoom in range(FARTHEST, NEAREST + 1):
        more = list(over(bounds, zoom))
        if found and len(found) + len(more) > MOST_SQUARES:
            break
        found += more
    return found[:MOST_SQUARES]


def fitting(sizes: Sequence[tuple[int, int]]) -> int:
    """Give the nearest zoom up to which squares, told by (zoom, bytes), are not too heavy."""
    nearest = FARTHEST
    for zoom in sorted({zoom for zoom, _ in sizes}):
        if sum(size for its, size in sizes if its <= zoom) > MOST_BYTES:
            break
        nearest = zoom
    return nearest
