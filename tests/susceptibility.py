"""A made-up (synthetic) ground for tests: hills, a road, and slides where both are bad."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyproj
import rasterio
from affine import Affine
from rasterio.warp import transform_bounds
from shapely import Point

from hazards.evidence.grid import Grid
from hazards.evidence.rules import Known
from tests.evidence import known

LOCAL = "+proj=laea +lat_0=30.72 +lon_0=108.33 +datum=WGS84 +units=m"
BOX = (108.25, 30.65, 108.41, 30.79)
Height = Callable[[np.ndarray, np.ndarray], np.ndarray]


def raster(
    path: Path, height: Height, *, crs: str = "EPSG:4326", nodata: float | None = -9_999,
    half: bool = False, box: tuple[float, ...] = BOX, middle: str = LOCAL, size: int = 200,
    named: bool = True,
) -> Path:  # fmt: skip
    """Write a GeoTIFF whose height is told by metres east and north of a middle."""
    west, south, east, north = transform_bounds("EPSG:4326", crs, *box)
    if half:
        east = (west + east) / 2
    wide, high = (east - west) / size, (north - south) / size
    turned = Affine(wide, 0.0, west, 0.0, -high, north)
    columns, rows = np.meshgrid(np.arange(size) + 0.5, np.arange(size) + 0.5)
    x, y = west + columns * wide, north - rows * high
    there = pyproj.Transformer.from_crs(crs, middle, always_xy=True)
    values = height(*there.transform(x, y)).astype("float32")
    with rasterio.open(
        path, "w", driver="GTiff", width=size, height=size, count=1, dtype="float32",
        crs=crs if named else None,
        transform=turned, nodata=nodata,
    ) as written:  # fmt: skip
        written.write(values, 1)
    return path


def records_in(grid: Grid, cells: np.ndarray) -> list[Known]:
    """Give one exact record in the middle of each of some cells."""
    lon, lat = grid.back.transform(*grid.middles[cells].T)
    days = (f"{2000 + n % 20}-07-{1 + n % 28:02}" for n in range(len(cells)))
    return [known(Point(*at), day) for *at, day in zip(lon, lat, days, strict=True)]
