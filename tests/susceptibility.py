"""A made-up (synthetic) ground for tests: hills, a road, and slides where both are bad."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyproj
import rasterio
from affine import Affine
from rasterio.warp import transform_bounds
from shapely import Point, box

from gis.authority import Actor
from gis.store.base import new_id
from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import Scope
from hazards.evidence import grid as grids
from hazards.evidence.grid import Grid
from hazards.evidence.rules import Known
from hazards.susceptibility import ground, removing, service
from hazards.susceptibility.rules import Asked, Kind
from tests.evidence import keep, known
from tests.world import GAOSUNTANG

OUTLINE = box(108.0, 30.4, 108.8, 31.2)
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


def ridge(path: Path, high_m: float = 900) -> Path:
    """A ridge through the middle of the district: steep near it, flat far from it (synthetic)."""
    return raster(
        path, lambda e, n: 300 + high_m * np.exp(-((e / 9_000) ** 2)) + 40 * np.sin(n / 1_500),
        box=(107.9, 30.3, 108.9, 31.3), middle="+proj=laea +lat_0=30.8 +lon_0=108.4", size=250,
    )  # fmt: skip


def slides_on_the_ridge(cells: Grid) -> list[Known]:
    """Slides on the steep side of the middle, most of them about Gaosuntang."""
    x, y = cells.middles.T
    steep = np.flatnonzero((np.abs(x) < 9_000) & (y % 9_000 < 5_000))
    return records_in(cells, np.sort(np.random.default_rng(5).choice(steep, 60, replace=False)))


def drawn_map(sessions: Sessions, by: Actor) -> str:
    """Let a planner bring heights in, remove older ones, and draw the map of the district."""
    keep(sessions, slides_on_the_ridge(grids.over(OUTLINE, wide_m=1_000)), area=GAOSUNTANG)
    now = datetime.now(UTC)
    brought = {"kind": Kind.ELEVATION, "by": by, "now": now, "synthetic": True}
    with TemporaryDirectory() as folder, unit_of_work(sessions, Scope.of(by)) as session:
        path = ridge(Path(folder) / "heights.tif")
        for name in ("旧高程", "演示高程"):
            layer = ground.bring_in(session, path, id=new_id(), name=name, **brought)
            if name == "旧高程":
                removing.remove(session, layer.id, by=by, now=now)
        asked = Asked("geological", side_m=1_000)
        return str(service.draw(session, id=new_id(), asked=asked, by=by, now=now).id)
