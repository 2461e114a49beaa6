"""Square cells over an area, in metres, and the records that surely lie in or beside each."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from gis.crs import WGS84
from hazards.evidence import hot_spots
from hazards.evidence.hot_spots import REACH_IN_CELLS, Counts, Numbers
from hazards.evidence.rules import Known

CELLS = 2_500
SMALLEST_M = 500


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells by the middles of their squares, with the way back to longitude and latitude."""

    middles: Numbers
    side_m: float
    back: pyproj.Transformer
    there: pyproj.Transformer
    crs: str

    def corners(self, cell: int) -> list[list[float]]:
        """Give a cell's outline in longitude and latitude, closed."""
        x, y = self.middles[cell]
        half = self.side_m / 2
        ring = ((-half, -half), (half, -half), (half, half), (-half, half), (-half, -half))
        lon, lat = self.back.transform([x + dx for dx, _ in ring], [y + dy for _, dy in ring])
        return [[round(a, 6), round(b, 6)] for a, b in zip(lon, lat, strict=True)]

    def counted(self, records: Sequence[Known]) -> Counts:
        """Count the records in each cell; those outside all cells are in none."""
        counts = np.zeros(len(self.middles), np.int64)
        if not records:
            return counts
        x, y = self.there.transform(
            [one.longitude for one in records], [one.latitude for one in records]
        )
        index = {tuple(key): n for n, key in enumerate(self._keys(self.middles))}
        for key in self._keys(np.column_stack((x, y))):
            if tuple(key) in index:
                counts[index[tuple(key)]] += 1
        return counts

    def fine(self, records: Sequence[Known]) -> Counts:
        """Count the records that are known exactly enough for a cell."""
        return self.counted([one for one in records if one.reach_m <= self.side_m / 2])

    def _keys(self, places: Numbers) -> list[list[int]]:
        found: list[list[int]] = np.floor(places / self.side_m).astype(int).tolist()
        return found


def over(outline: BaseGeometry, *, wide_m: int | None = None) -> Grid:
    """Lay cells over an area, some thousand or of a width; one belongs to it if its middle does."""
    middle = shapely.centroid(outline)
    local = f"+proj=laea +lat_0={middle.y} +lon_0={middle.x} +datum=WGS84 +units=m"
    there = pyproj.Transformer.from_crs(WGS84, local, always_xy=True)
    back = pyproj.Transformer.from_crs(local, WGS84, always_xy=True)
    flat = shapely.transform(outline, lambda c: np.column_stack(there.transform(c[:, 0], c[:, 1])))
    some = max(SMALLEST_M, math.ceil(math.sqrt(flat.area / CELLS) / SMALLEST_M) * SMALLEST_M)
    side_m = wide_m or some
    west, south, east, north = np.floor(np.array(flat.bounds) / side_m).astype(int)
    columns, rows = np.meshgrid(np.arange(west, east + 1), np.arange(south, north + 1))
    middles = (np.column_stack((columns.ravel(), rows.ravel())) + 0.5) * side_m
    shapely.prepare(flat)
    inside = shapely.intersects_xy(flat, middles[:, 0], middles[:, 1])
    return Grid(middles[inside], float(side_m), back, there, local)


def hot_cells(outline: BaseGeometry, records: Sequence[Known]) -> dict[str, Any]:
    """Score an area's cells; give the numbers of the method and every cell with a record."""
    grid = over(outline)
    return scored(grid, grid.fine(records))


def scored(grid: Grid, counts: Counts) -> dict[str, Any]:
    """Score cells by how many records lie in each."""
    found = hot_spots.heat(grid.middles, counts, reach=REACH_IN_CELLS * grid.side_m)
    shown = np.flatnonzero((counts > 0) | found.hot)
    cells = [
        {
            "ring": grid.corners(int(n)),
            "records": int(counts[n]),
            "score": round(float(found.scores[n]), 3),
            "p": float(f"{found.p[n]:.3g}"),
            "hot": bool(found.hot[n]),
        }
        for n in shown
    ]
    return {
        "side_m": grid.side_m,
        "cells": len(counts),
        "records": int(counts.sum()),
        "level": hot_spots.LEVEL,
        "cut": float(f"{found.cut:.3g}"),
        "hot": int(found.hot.sum()),
        "shown": cells,
    }
