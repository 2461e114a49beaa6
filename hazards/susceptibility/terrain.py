"""Terrain of each cell from a raster of heights, read strip by strip in the cells' own metres.

Slope and aspect after Horn (1981, Proc. IEEE 69:14), as GDAL and ArcGIS have them; curvature after
Zevenbergen and Thorne (1987, Earth Surf. Process. Landf. 12:47), in 1/100 m, positive where the
ground bulges. They are taken at the raster's own fineness and then averaged over the cell: of a
mean height the steepness would be lost.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from rasterio.enums import Resampling
from rasterio.vrt import WarpedVRT
from rasterio.warp import transform_bounds
from rasterio.windows import Window

from hazards.evidence.grid import Grid
from hazards.susceptibility.rules import FLAT_DEG, Numbers

FINEST = 8
"""A cell's side is looked at in at most so many pixels."""
STRIP_PIXELS = 4_000_000
GEOTIFF = ("GTiff",)
"""No other format is opened: some name files of their own, or addresses, to be read."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The box of all cells: where its north-west corner lies, and which place a cell has in it."""

    grid: Grid
    rows: Numbers
    columns: Numbers
    west: int
    north: int
    height: int
    width: int

    @classmethod
    def around(cls, grid: Grid) -> "Frame":
        """Lay the box around a grid's cells."""
        keys = np.floor(grid.middles / grid.side_m).astype(int)
        (west, south), (east, north) = keys.min(axis=0), keys.max(axis=0)
        rows, columns = north - keys[:, 1], keys[:, 0] - west
        height, width = int(north - south + 1), int(east - west + 1)
        return cls(grid, rows, columns, int(west), int(north), height, width)

    def origin(self) -> tuple[float, float]:
        """Give the north-west corner in the grid's metres."""
        return self.west * self.grid.side_m, (self.north + 1) * self.grid.side_m


def strips(
    path: Path, frame: Frame, *, halo: int, told: Callable[[], None]
) -> Iterator[tuple[slice, Numbers, int, float]]:
    """Give the heights of some rows of cells after the other, with `halo` pixels around them."""
    side_m = frame.grid.side_m
    with rasterio.open(path, driver=GEOTIFF[0]) as source:
        fine = fineness(source, frame)
        pixel_m = side_m / fine
        west, north = frame.origin()
        corner = cornered(west - halo * pixel_m, north + halo * pixel_m, pixel_m)
        size = [n * fine + 2 * halo for n in (frame.width, frame.height)]
        with WarpedVRT(
            source, crs=frame.grid.crs, transform=corner, width=size[0], height=size[1],
            resampling=Resampling.average if fine == 1 else Resampling.bilinear,
            add_alpha=source.nodata is None,
        ) as flat:  # fmt: skip
            at_once = max(1, STRIP_PIXELS // (size[0] * fine))
            for top in range(0, frame.height, at_once):
                told()
                rows = slice(top, min(top + at_once, frame.height))
                window = Window(0, top * fine, size[0], (rows.stop - top) * fine + 2 * halo)
                read = flat.read(1, window=window).astype(float)
                # What lies beyond the raster's edge is no more known than what it leaves open.
                read[(known(flat, source.nodata, read, window) == 0) | np.isinf(read)] = np.nan
                yield rows, read * source.scales[0] + source.offsets[0], fine, pixel_m


def known(flat: WarpedVRT, nodata: float | None, read: Numbers, window: Window) -> Numbers:
    """Tell which pixels have a value: not 0."""
    if nodata is None:
        inside: Numbers = flat.read(flat.count, window=window)
        return inside
    return np.where(np.isnan(read) if np.isnan(nodata) else read == nodata, 0.0, 1.0)


def cornered(west: float, north: float, pixel_m: float) -> Affine:
    """Lay square pixels from their north-west corner on."""
    return Affine(pixel_m, 0.0, west, 0.0, -pixel_m, north)


def fineness(source: rasterio.DatasetReader, frame: Frame) -> int:
    """Tell in how many pixels a cell's side is read: about as many as the raster has there."""
    west, north = frame.origin()
    side_m = frame.grid.side_m
    box = (west, north - frame.height * side_m, west + frame.width * side_m, north)
    there = transform_bounds(frame.grid.crs, source.crs, *box)
    pixels = (there[2] - there[0]) / abs(source.res[0])
    return int(np.clip(round(pixels / frame.width), 1, FINEST))


def means(values: Numbers, fine: int) -> Numbers:
    """Average pixels over cells; a cell with fewer than half of its pixels has no value."""
    rows, columns = values.shape[0] // fine, values.shape[1] // fine
    parts = values.reshape(rows, fine, columns, fine)
    known = np.isfinite(parts)
    count = known.sum(axis=(1, 3))
    total = np.where(known, parts, 0.0).sum(axis=(1, 3))
    return np.where(count * 2 >= fine * fine, total / np.maximum(count, 1), np.nan)


def gradients(z: Numbers, pixel_m: float) -> tuple[Numbers, Numbers]:
    """Give how fast the ground rises to the east and to the south (Horn 1981)."""
    a, b, c = z[:-2, :-2], z[:-2, 1:-1], z[:-2, 2:]
    d, f = z[1:-1, :-2], z[1:-1, 2:]
    g, h, i = z[2:, :-2], z[2:, 1:-1], z[2:, 2:]
    east = ((c + 2 * f + i) - (a + 2 * d + g)) / (8 * pixel_m)
    south = ((g + 2 * h + i) - (a + 2 * b + c)) / (8 * pixel_m)
    return east, south


def curvature(z: Numbers, pixel_m: float) -> Numbers:
    """Give how the ground bends, in 1/100 m (Zevenbergen and Thorne 1987)."""
    e = z[1:-1, 1:-1]
    across = (z[1:-1, :-2] + z[1:-1, 2:]) / 2 - e
    along = (z[:-2, 1:-1] + z[2:, 1:-1]) / 2 - e
    return -200 * (across + along) / pixel_m**2


def aspect(east: Numbers, south: Numbers) -> Numbers:
    """Give the way water runs, in degrees from north by east."""
    turned: Numbers = np.degrees(np.arctan2(-east, south)) % 360
    return turned


def terrain(path: Path, frame: Frame, *, told: Callable[[], None]) -> dict[str, Numbers]:
    """Give height, slope, aspect and curvature of every cell; the flat has the aspect -1."""
    whole = {
        name: np.full((frame.height, frame.width), np.nan)
        for name in ("elevation", "slope", "east", "south", "curvature")
    }
    for rows, z, fine, pixel_m in strips(path, frame, halo=1, told=told):
        east, south = gradients(z, pixel_m)
        steep = np.degrees(np.arctan(np.hypot(east, south)))
        parts = {"elevation": z[1:-1, 1:-1], "slope": steep, "east": east, "south": south}
        for name, values in (parts | {"curvature": curvature(z, pixel_m)}).items():
            whole[name][rows] = means(values, fine)
    found = {name: values[frame.rows, frame.columns] for name, values in whole.items()}
    turned = aspect(found.pop("east"), found.pop("south"))
    found["aspect"] = np.where(found["slope"] < FLAT_DEG, -1.0, turned)
    return found


def averages(path: Path, frame: Frame, *, told: Callable[[], None]) -> Numbers:
    """Give the mean of any other raster over every cell: rain of a year, say."""
    whole = np.full((frame.height, frame.width), np.nan)
    for rows, values, fine, _ in strips(path, frame, halo=0, told=told):
        whole[rows] = means(values, fine)
    found: Numbers = whole[frame.rows, frame.columns]
    return found
