"""Where something lies: the path of the smallest area of a day, for one place or for many."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis import crs
from gis.areas import repository
from gis.areas.models import Area
from gis.areas.rules import AreaLevel

CITY_ZONE = ZoneInfo("Asia/Shanghai")

STEPS = 64
"""Into how many parts a line is looked at when its middle lies in no area."""

Paths = NDArray[np.object_]


def day_of(moment: datetime) -> date:
    """Give the day it is in the city."""
    return moment.astimezone(CITY_ZONE).date()


def path_at(session: Session, place: Point, *, day: date) -> str | None:
    """Give the path of the smallest area that covers one place on that day."""
    area = repository.smallest(session, place, day)
    return None if area is None else area.path


def spots(line: BaseGeometry) -> list[Point]:
    """Give where a line may be said to lie, best first: its middle, then outwards to both ends.

    A road along the border, whose middle is a few metres outside, lies where it is nearest inside.
    """
    steps = sorted(range(STEPS + 1), key=lambda n: abs(2 * n - STEPS))
    return [line.interpolate(n / STEPS, normalized=True) for n in steps]


class Placer:
    """Places many points in one go: 250,000 in about a second, where a join takes ten times that.

    Levels are asked from the smallest up, each only for what no smaller one took; an outline
    is prepared once and then tested against all points in its box.
    """

    def __init__(self, session: Session, *, day: date) -> None:
        query = select(Area.level, Area.path, Area.name, Area.boundary)
        query = query.where(Area.boundary.is_not(None), repository.valid(day))
        query = query.order_by(repository.SURVEYED_FIRST, Area.path)
        self.names: dict[str, str] = {}
        self.outlines: dict[str, MultiPolygon] = {}
        self._levels: dict[str, tuple[list[str], list[MultiPolygon]]] = {}
        for level, path, name, boundary in session.execute(query):
            self.names[path] = name
            paths, outlines = self._levels.setdefault(level, ([], []))
            if boundary is not None:
                paths.append(path)
                outlines.append(boundary)
                self.outlines.setdefault(path, boundary)

    def paths(self, longitudes: NDArray[np.float64], latitudes: NDArray[np.float64]) -> Paths:
        """Give the path of the smallest area at each place, None where there is none."""
        found: Paths = np.full(len(longitudes), None, dtype=np.object_)
        left = np.arange(len(found))
        for level in reversed(AreaLevel):
            if level in self._levels and left.size:
                paths, outlines = self._levels[level]
                found[left] = covered(longitudes[left], latitudes[left], paths, outlines)
                left = left[missing(found[left])]
        return found

    def path_along(self, line: BaseGeometry) -> str | None:
        """Give the path of the area that a line lies in, if any part of it lies in one."""
        found = self.paths(*shapely.get_coordinates(spots(line)).T)
        return next((str(path) for path in found if path is not None), None)

    def path_around(self, path: str, place: Point, *, radius_m: float | None) -> str:
        """Go up from the smallest area at a place until the whole circle about it fits in.

        Where none holds it, or nobody knows how wide it is, only the biggest area is sure.
        """
        codes = [code for code in path.split("/") if code]
        above = ["/" + "/".join(codes[: n + 1]) + "/" for n in range(len(codes))]
        if radius_m is None:
            return above[0]
        circle = crs.buffer(place, radius_m=radius_m) if radius_m > 0 else place
        fitting = (p for p in reversed(above) if p in self.outlines)
        return next((p for p in fitting if self.outlines[p].covers(circle)), above[0])


def missing(paths: Paths) -> NDArray[np.bool_]:
    """Tell which places lie in no area."""
    return np.fromiter((path is None for path in paths), np.bool_, len(paths))


def covered(
    longitudes: NDArray[np.float64],
    latitudes: NDArray[np.float64],
    paths: Sequence[str],
    outlines: Sequence[MultiPolygon],
) -> Paths:
    """Give the path of the outline around each place; on a shared edge the first path."""
    found: Paths = np.full(len(longitudes), None, dtype=np.object_)
    eastwards = np.argsort(longitudes)
    sorted_longitudes = longitudes[eastwards]
    boxes = shapely.bounds(outlines)
    firsts = np.searchsorted(sorted_longitudes, boxes[:, 0], side="left")
    lasts = np.searchsorted(sorted_longitudes, boxes[:, 2], side="right")
    shapely.prepare(outlines)
    for row in reversed(np.flatnonzero(firsts < lasts)):
        near = eastwards[firsts[row] : lasts[row]]
        near = near[(latitudes[near] >= boxes[row, 1]) & (latitudes[near] <= boxes[row, 3])]
        inside = shapely.intersects_xy(outlines[row], longitudes[near], latitudes[near])
        found[near[inside]] = paths[row]
    return found
