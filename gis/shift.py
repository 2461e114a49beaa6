"""Notices a data set that sits a few hundred metres off: GCJ-02 or BD-09 under a wrong label.

Most Chinese boundary files on the internet are labelled 4326 and are GCJ-02 in truth; nobody
sees 500 m on a city map, and every point near a border lands in the wrong street. So an incoming
set is laid over the districts we know, as it is and with each shift undone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gis import crs
from gis.errors import Rejected

# Two honest drawings of one district have centres up to 330 m apart (measured on 35 districts,
# median 60 m): one alone proves little, the median of many proves much.
FLOOR_M = 120.0
NOISE_M = 250.0
# Undoing a true shift leaves less than this share of it.
MOST_LEFT = 0.5
SAME_AREA = 0.6
FEWEST_OUTSIDE = 5
FEWEST_KNOWN = 5

Known = Sequence[tuple[float, float, float, float]]
"""Where things lie by an incoming set, and where the same things are known to be."""


@dataclass(frozen=True, slots=True)
class Shift:
    """How far a set lies from where it belongs, and the system that explains it."""

    east_m: float
    north_m: float
    system: str | None
    compared: int
    by_points: bool = False

    @property
    def metres(self) -> float:
        """The length of the offset."""
        return float(np.hypot(self.east_m, self.north_m))

    def refusal(self) -> Rejected:
        """Say it to the person who sent the set."""
        values = {
            "metres": round(self.metres),
            "east": f"{self.east_m:+.0f}",
            "north": f"{self.north_m:+.0f}",
            "count": self.compared,
        }
        if self.system is None:
            return Rejected(
                "The set lies {metres} m off the known districts ({east} m east, {north} m north, "
                "{count} compared), and neither GCJ-02 nor BD-09 explains it. "
                "Find out its coordinate system and name it.",
                **values,
            )
        if self.by_points:
            return Rejected(
                "{count} points of the file are known here, and lie {metres} m off "
                "({east} m east, {north} m north): it is {system}. "
                "Send it again with that coordinate system named.",
                system=self.system,
                **values,
            )
        return Rejected(
            "The set lies {metres} m off the known districts ({east} m east, {north} m north, "
            "{count} compared): it is {system}. Send it again with that coordinate system named.",
            system=self.system,
            **values,
        )


def of_boundaries(incoming: Sequence[BaseGeometry], known: Sequence[BaseGeometry]) -> Shift | None:
    """Measure polygons against the districts they fill; None when they fit, or cannot tell."""
    districts = np.array(known, dtype=object)
    shapes = np.array(incoming, dtype=object)
    if not len(shapes) or not len(districts):
        return None
    pairs = _pairs(shapes, districts)
    if not pairs:
        return None
    count = len(pairs)
    theirs = np.array([pair[0] for pair in pairs], dtype=object)
    ours = np.array([pair[1] for pair in pairs], dtype=object)
    east, north = _offsets(theirs, ours)
    raw = float(np.hypot(np.median(east), np.median(north)))
    if raw < FLOOR_M + NOISE_M / np.sqrt(count):
        return None
    left = {
        system: _length(_offsets(crs.shapes_to_wgs84(theirs, crs=system), ours))
        for system in (crs.GCJ02, crs.BD09)
    }
    best = min(left, key=lambda system: left[system])
    system = best if left[best] < MOST_LEFT * raw else None
    scatter = float(np.median(np.hypot(east - np.median(east), north - np.median(north))))
    if system is None and (count < 3 or scatter > MOST_LEFT * raw):
        return None  # Different drawings, not a shift: each is off its own way.
    return Shift(float(np.median(east)), float(np.median(north)), system, count)


def _pairs(
    shapes: NDArray[np.object_], districts: NDArray[np.object_]
) -> list[tuple[BaseGeometry, BaseGeometry]]:
    """Whole districts and what of the set fills each: streets are joined first."""
    tree = shapely.STRtree(districts)
    inside, owner = tree.query(shapely.point_on_surface(shapes), predicate="intersects")
    pairs = []
    for index in np.unique(owner):
        joined = shapely.union_all(shapes[inside[owner == index]])
        district = districts[index]
        shared = joined.intersection(district).area
        if shared > SAME_AREA * max(joined.area, district.area):
            pairs.append((joined, district))
    return pairs


def _offsets(theirs: NDArray[np.object_], ours: NDArray[np.object_]) -> crs.Pair:
    there = shapely.get_coordinates(shapely.centroid(theirs))
    here = shapely.get_coordinates(shapely.centroid(ours))
    return crs.offset_m(here[:, 0], here[:, 1], there[:, 0], there[:, 1])


def _length(offsets: crs.Pair) -> float:
    return float(np.hypot(np.median(offsets[0]), np.median(offsets[1])))


def of_points(
    lon: crs.Floats, lat: crs.Floats, names: Sequence[str], known: Mapping[str, BaseGeometry]
) -> Shift | None:
    """Measure points by the district each claims to lie in.

    Points shifted by 500 m leave their district along its border; undone, they return.
    """
    claimed = np.array([known.get(name) for name in names], dtype=object)
    usable = ~shapely.is_missing(claimed) & np.isfinite(lon) & np.isfinite(lat)
    lon, lat, claimed = lon[usable], lat[usable], claimed[usable]
    if not len(lon):
        return None
    shapely.prepare(list(known.values()))
    outside = _outside(lon, lat, claimed)
    if outside < FEWEST_OUTSIDE:
        return None
    undone = {system: crs.to_wgs84(lon, lat, crs=system) for system in (crs.GCJ02, crs.BD09)}
    left = {system: _outside(*places, claimed) for system, places in undone.items()}
    best = min(left, key=lambda system: left[system])
    if left[best] > MOST_LEFT * outside:
        return None  # The borders are not the matter: the districts were typed wrongly.
    east, north = crs.offset_m(*undone[best], lon, lat)
    return Shift(float(np.median(east)), float(np.median(north)), best, len(lon))


def of_known(pairs: Known) -> Shift | None:
    """Measure things by where the same things are known to lie.

    One that was surveyed again has moved its own way: only undoing a shift brings most back.
    """
    if len(pairs) < FEWEST_KNOWN:
        return None
    lon, lat, known_lon, known_lat = np.asarray(pairs, dtype=np.float64).T
    off_m = float(np.median(crs.distance_m(lon, lat, known_lon, known_lat)))
    undone = {system: crs.to_wgs84(lon, lat, crs=system) for system in (crs.GCJ02, crs.BD09)}
    left = {
        system: float(np.median(crs.distance_m(*places, known_lon, known_lat)))
        for system, places in undone.items()
    }
    best = min(left, key=lambda system: left[system])
    if off_m < FLOOR_M or left[best] > MOST_LEFT * off_m:
        return None
    east, north = crs.offset_m(*undone[best], lon, lat)
    return Shift(float(np.median(east)), float(np.median(north)), best, len(lon), by_points=True)


def _outside(lon: crs.Floats, lat: crs.Floats, claimed: NDArray[np.object_]) -> int:
    return int(np.count_nonzero(~shapely.intersects_xy(claimed, lon, lat)))
