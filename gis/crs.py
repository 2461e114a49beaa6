"""Coordinate systems of China: what is stored (EPSG:4326) and what people send.

CGCS2000 agrees with WGS84 within centimetres and is taken as the same. GCJ-02 (AMap, Tencent)
and BD-09 (Baidu) are the shifted systems of the map services, 300-1,200 m off; no EPSG code
names them, so a file in one of them says nothing or says 4326. Longitude comes first everywhere.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

import numpy as np
import pyproj
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely import Point, Polygon
from shapely.geometry.base import BaseGeometry

from gis.errors import Rejected

Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]
Shapes = NDArray[np.object_]

WGS84 = "EPSG:4326"
CGCS2000 = "EPSG:4490"
GCJ02 = "GCJ-02"
BD09 = "BD-09"

NAMES = {
    "wgs84": WGS84, "wgs-84": WGS84, "4326": WGS84, "gps": WGS84, "天地图": WGS84, "crs84": WGS84,
    "cgcs2000": CGCS2000, "cgcs-2000": CGCS2000, "4490": CGCS2000, "国家2000": CGCS2000,
    "gcj02": GCJ02, "gcj-02": GCJ02, "amap": GCJ02, "高德": GCJ02, "腾讯": GCJ02, "火星": GCJ02,
    "bd09": BD09, "bd-09": BD09, "baidu": BD09, "百度": BD09, "bd09ll": BD09,
}  # fmt: skip
SAME_DATUM = ("world geodetic system 1984", "wgs_1984", "wgs 84", "china 2000", "china_2000")

SEMI_MAJOR_M = 6_378_245.0
ECCENTRICITY_SQUARED = 0.006_693_421_622_965_943
BD_TURN = np.pi * 3000.0 / 180.0
BD_EAST, BD_NORTH = 0.0065, 0.006
# The services shift only inside this box.
CHINA = (72.004, 0.8293, 137.8347, 55.8271)
# A tenth of a millimetre; each round brings the inverse about a thousand times closer.
CLOSE_DEG = 1e-9
MOST_ROUNDS = 12
METRES_PER_DEGREE = 111_320.0
ELLIPSOID = pyproj.Geod(ellps="WGS84")
CORNERS = 64
"""So many corners stand for a circle, as where a shape is widened."""


def named(name: str) -> str:
    """Give the one spelling of a coordinate system: `EPSG:4524`, `GCJ-02`."""
    known = NAMES.get(name.strip().lower().removeprefix("epsg:"))
    if known:
        return known
    _geodetic(name)
    authority = pyproj.CRS.from_user_input(name).to_authority(min_confidence=70)
    return ":".join(authority) if authority else name


def to_wgs84(x: ArrayLike, y: ArrayLike, *, crs: str) -> Pair:
    """Give longitude and latitude of coordinates in another system, all at once."""
    return _converted(x, y, crs=crs, shifted=SHIFTS_BACK, projected="out")


def from_wgs84(lon: ArrayLike, lat: ArrayLike, *, crs: str) -> Pair:
    """Give the coordinates in another system of longitudes and latitudes, all at once."""
    return _converted(lon, lat, crs=crs, shifted=SHIFTS, projected="in")


def shapes_to_wgs84(shapes: Sequence[BaseGeometry | None] | Shapes, *, crs: str) -> Shapes:
    """Move whole shapes into the stored system; missing ones stay missing."""
    array = np.asarray(shapes, dtype=object)
    if named(crs) in {WGS84, CGCS2000}:
        return array
    flat = shapely.force_2d(array)
    coordinates = shapely.get_coordinates(flat)
    moved = to_wgs84(coordinates[:, 0], coordinates[:, 1], crs=crs)
    placed: Shapes = shapely.set_coordinates(flat, np.column_stack(moved))
    return placed


def _converted(
    x: ArrayLike,
    y: ArrayLike,
    *,
    crs: str,
    shifted: Mapping[str, Callable[[Floats, Floats], Pair]],
    projected: str,
) -> Pair:
    a, b = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    name = named(crs)
    if name in shifted:
        return shifted[name](a, b)
    step = _geodetic(name) if projected == "out" else _projecting(name)
    lon, lat = step.transform(a, b)
    return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)


@lru_cache(maxsize=64)
def _geodetic(name: str) -> pyproj.Transformer:
    """Give the way from a system to its own longitude and latitude, if its datum is ours."""
    try:
        crs = pyproj.CRS.from_user_input(name)
        base = crs.geodetic_crs
    except pyproj.exceptions.CRSError:
        base = None
    if base is None or base.datum is None:
        raise Rejected(
            "There is no coordinate system called {name}. Try EPSG:4326, CGCS2000, GCJ-02, "
            "BD-09 or the EPSG code of your zone.",
            name=name[:60],
        )
    datum = base.datum.name.lower()
    if not any(same in datum for same in SAME_DATUM):
        raise Rejected(
            "{name} uses the datum {datum}, about 100 m off CGCS2000. "
            "Convert it to CGCS2000 first.",
            name=crs.name,
            datum=base.datum.name,
        )
    return pyproj.Transformer.from_crs(crs, base, always_xy=True)


@lru_cache(maxsize=64)
def _projecting(name: str) -> pyproj.Transformer:
    _geodetic(name)
    crs = pyproj.CRS.from_user_input(name)
    return pyproj.Transformer.from_crs(crs.geodetic_crs, crs, always_xy=True)


def guess(x: ArrayLike, y: ArrayLike) -> str | None:
    """Say what bare coordinates look like; the caller has to confirm all but degrees."""
    a, b = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    here = np.isfinite(a) & np.isfinite(b)
    if not here.any():
        return None
    east, north = np.median(a[here]), np.median(b[here])
    if abs(east) <= 180 and abs(north) <= 180:
        return WGS84
    zone = int(east // 1_000_000)
    if 24 < zone < 46:
        return f"EPSG:{4513 + zone - 25}"
    return f"EPSG:{4491 + zone - 13}" if 12 < zone < 24 else None


# --- the shifted systems -------------------------------------------------------------------


def to_gcj02(lon: Floats, lat: Floats) -> Pair:
    """Shift WGS84 as AMap and Tencent do."""
    west, south, east, north = CHINA
    inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    x, y = lon - 105.0, lat - 35.0
    phi = np.radians(lat)
    magic = 1 - ECCENTRICITY_SQUARED * np.sin(phi) ** 2
    per_lat = np.degrees(1 / (SEMI_MAJOR_M * (1 - ECCENTRICITY_SQUARED) / magic**1.5))
    per_lon = np.degrees(1 / (SEMI_MAJOR_M / np.sqrt(magic) * np.cos(phi)))
    return (
        lon + np.where(inside, _east_m(x, y) * per_lon, 0.0),
        lat + np.where(inside, _north_m(x, y) * per_lat, 0.0),
    )


def _quick(x: Floats) -> Floats:
    return np.asarray((20 * np.sin(6 * x * np.pi) + 20 * np.sin(2 * x * np.pi)) * 2 / 3)


def _slow(value: Floats) -> Floats:
    return np.asarray((20 * np.sin(value * np.pi) + 40 * np.sin(value / 3 * np.pi)) * 2 / 3)


def _east_m(x: Floats, y: Floats) -> Floats:
    plain = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x))
    long = (150 * np.sin(x / 12 * np.pi) + 300 * np.sin(x / 30 * np.pi)) * 2 / 3
    return np.asarray(plain + _quick(x) + _slow(x) + long)


def _north_m(x: Floats, y: Floats) -> Floats:
    plain = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x))
    long = (160 * np.sin(y / 12 * np.pi) + 320 * np.sin(y * np.pi / 30)) * 2 / 3
    return np.asarray(plain + _quick(x) + _slow(y) + long)


def gcj02_to_bd09(lon: Floats, lat: Floats) -> Pair:
    """Shift GCJ-02 once more as Baidu does."""
    radius = np.hypot(lon, lat) + 0.000_02 * np.sin(lat * BD_TURN)
    turn = np.arctan2(lat, lon) + 0.000_003 * np.cos(lon * BD_TURN)
    return np.asarray(radius * np.cos(turn) + BD_EAST), np.asarray(radius * np.sin(turn) + BD_NORTH)


def to_bd09(lon: Floats, lat: Floats) -> Pair:
    """Shift WGS84 as Baidu does."""
    return gcj02_to_bd09(*to_gcj02(lon, lat))


def _undone(shift: Callable[[Floats, Floats], Pair]) -> Callable[[Floats, Floats], Pair]:
    """Give the inverse of a shift: step back by the shift found where we now think it began."""

    def back(lon: Floats, lat: Floats) -> Pair:
        x, y = lon.copy(), lat.copy()
        for _ in range(MOST_ROUNDS):
            there_x, there_y = shift(x, y)
            dx, dy = lon - there_x, lat - there_y
            x, y = x + dx, y + dy
            if not dx.size or np.nanmax(np.maximum(np.abs(dx), np.abs(dy))) < CLOSE_DEG:
                break
        return x, y

    return back


SHIFTS = {GCJ02: to_gcj02, BD09: to_bd09}
SHIFTS_BACK = {GCJ02: _undone(to_gcj02), BD09: _undone(to_bd09)}


# --- metres --------------------------------------------------------------------------------


def distance_m(lon: ArrayLike, lat: ArrayLike, to_lon: ArrayLike, to_lat: ArrayLike) -> Floats:
    """Give true ground distances between pairs of places."""
    a, b, c, d = np.broadcast_arrays(*(np.asarray(v, float) for v in (lon, lat, to_lon, to_lat)))
    return np.asarray(ELLIPSOID.inv(a, b, c, d)[2], dtype=np.float64)


def offset_m(lon: Floats, lat: Floats, to_lon: Floats, to_lat: Floats) -> Pair:
    """Give how far east and how far north each second place lies of the first."""
    east = (to_lon - lon) * METRES_PER_DEGREE * np.cos(np.radians((lat + to_lat) / 2))
    return east, (to_lat - lat) * METRES_PER_DEGREE


def area_m2(shape: BaseGeometry) -> float:
    """Give the true area of a shape on the ellipsoid, without its holes however they are drawn."""
    turned = shapely.orient_polygons(shape)
    return abs(float(ELLIPSOID.geometry_area_perimeter(turned)[0]))


def length_m(shape: BaseGeometry) -> float:
    """Give the true length of a line, or of the edge of a polygon."""
    return float(ELLIPSOID.geometry_length(shape))


def buffer(shape: BaseGeometry, *, radius_m: float) -> BaseGeometry:
    """Give everything within a true ground distance of a shape of city size."""
    if isinstance(shape, Point) and not shape.is_empty and radius_m > 0:
        return _circle(shape, radius_m)
    middle = shapely.centroid(shape)
    local = f"+proj=aeqd +lat_0={middle.y} +lon_0={middle.x} +datum=WGS84 +units=m"
    there = _moved(shape, pyproj.Transformer.from_crs(WGS84, local, always_xy=True))
    return _moved(there.buffer(radius_m), pyproj.Transformer.from_crs(local, WGS84, always_xy=True))


def _circle(place: Point, radius_m: float) -> Polygon:
    """Go out from a place on all sides: what a projection about it gives, without making one."""
    bearings = 90 + np.arange(CORNERS) * 360 / CORNERS
    lon, lat, radius = (np.full(CORNERS, v) for v in (place.x, place.y, radius_m))
    return Polygon(np.column_stack(ELLIPSOID.fwd(lon, lat, bearings, radius)[:2]))


def _moved(shape: BaseGeometry, way: pyproj.Transformer) -> BaseGeometry:
    flat = shapely.force_2d(shape)
    coordinates = shapely.get_coordinates(flat)
    there = way.transform(coordinates[:, 0], coordinates[:, 1])
    placed: BaseGeometry = shapely.set_coordinates(flat, np.column_stack(there))
    return placed
