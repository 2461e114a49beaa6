"""Where a record happened and how far the truth may lie from there.

A place comes with metres, with the size of the area whose middle it is, or not at all: then a
named area stands for it, and the truth lies anywhere within.
"""

import math
from collections.abc import Sequence
from functools import cache

import numpy as np
import pyarrow as pa
import shapely
from shapely import Point

from gis import crs
from gis.areas.placing import Placer
from gis.errors import Rejected
from gis.exchange.table import Refused
from hazards.events.importing.fields import AREA

ADDED = ("longitude", "latitude", "location_accuracy_m")
UNKNOWN_AREA = "No area with an outline has the code or name {area}. Give the code."
SEVERAL_AREAS = "Several areas are called {area}. Give the code."


def radius_m(area_km2: float) -> float:
    """Give the radius of a circle as large as an area."""
    return 1_000 * math.sqrt(area_km2 / math.pi)


class Whereabouts:
    """Says where rows lie; named areas are looked up once."""

    def __init__(self, placer: Placer) -> None:
        self.placer = placer
        self.circle = cache(self._circle)
        self.path_of = cache(self._path_of)

    def told(self, rows: pa.Table) -> tuple[pa.Table, list[str | None], list[Refused]]:
        """Fill place and accuracy in; give beside them the areas that stood for a place."""
        longitudes, latitudes = (np.array(rows[name].to_numpy()) for name in ADDED[:2])
        accuracies = accuracies_of(rows)
        paths: list[str | None] = [None] * rows.num_rows
        refused: list[Refused] = []
        blank = np.flatnonzero(np.isnan(longitudes) | np.isnan(latitudes))
        areas = rows[AREA].to_pylist() if blank.size else []
        for n in blank:
            try:
                paths[n] = self.path_of(areas[n])
            except Rejected as reason:
                refused.append(Refused(rows["line"][n].as_py(), reason, AREA, areas[n]))
                continue
            middle, accuracies[n] = self.circle(paths[n])
            longitudes[n], latitudes[n] = middle.x, middle.y
        kept = rows.drop_columns([name for name in ADDED if name in rows.column_names])
        for name, values in zip(ADDED, (longitudes, latitudes, accuracies), strict=True):
            kept = kept.append_column(name, pa.array(values, pa.float64()))
        return kept, paths, refused

    def _path_of(self, area: str) -> str:
        codes = [path for path in self.placer.outlines if path.split("/")[-2] == area]
        found = codes or [p for p in self.placer.outlines if self.placer.names[p] == area]
        if len(found) != 1:
            raise Rejected(SEVERAL_AREAS if found else UNKNOWN_AREA, area=area)
        return found[0]

    def _circle(self, path: str) -> tuple[Point, float]:
        outline = self.placer.outlines[path]
        west, south, east, north = outline.bounds
        middle = Point((west + east) / 2, (south + north) / 2)
        corners = shapely.get_coordinates(outline.convex_hull)
        away = crs.distance_m(
            np.full(len(corners), middle.x), np.full(len(corners), middle.y), *corners.T
        )
        return middle, float(np.max(away))


def accuracies_of(rows: pa.Table) -> list[float | None]:
    """Give each row's accuracy: the worse of what it says in metres and by its area's size."""
    said = column(rows, "location_accuracy_m")
    sizes = column(rows, "affected_km2")
    by_size = [None if size is None else radius_m(size) for size in sizes]
    return [worse(*pair) for pair in zip(said, by_size, strict=True)]


def worse(one: float | None, other: float | None) -> float | None:
    """Give the larger of two, where both are known."""
    return max((known for known in (one, other) if known is not None), default=None)


def column(rows: pa.Table, name: str) -> Sequence[float | None]:
    """Give a column that the file may not have."""
    found: Sequence[float | None] = (
        rows[name].to_pylist() if name in rows.column_names else [None] * rows.num_rows
    )
    return found
