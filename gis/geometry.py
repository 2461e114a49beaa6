"""The only door for geometry from outside: parse, bound, repair or refuse, and say why.

Everything behind this door is two-dimensional, finite, valid, longitude first, in EPSG:4326.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import shapely
from shapely import LinearRing, MultiPolygon, Point, Polygon
from shapely.geometry import shape as from_mapping
from shapely.geometry.base import BaseGeometry, BaseMultipartGeometry
from shapely.validation import explain_validity

from gis import crs as systems
from gis.errors import PlatformError, Rejected

MAX_TEXT_BYTES = 64 * 1024**2
MAX_VERTICES = 1_000_000
# Beyond this share the repair would be a guess at what the drawer meant.
MAX_REPAIR = 0.1
SRID_WGS84 = frozenset({0, 4326, 4490})


@dataclass(frozen=True, slots=True)
class Boundary:
    """A polygon fit to be kept, and what had to be mended to make it so."""

    shape: MultiPolygon
    repairs: tuple[PlatformError, ...] = ()


def point(lon: float, lat: float) -> Point:
    """Give the place at a longitude and latitude, if there is one."""
    check_place(lon, lat)
    return Point(lon, lat)


def check_place(lon: float, lat: float) -> None:
    """Refuse what is no longitude and latitude, and say so when the two are swapped."""
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise Rejected("Longitude or latitude is missing. Give both as numbers.")
    if abs(lon) <= 180 and abs(lat) <= 90:
        return
    if abs(lon) <= 90 and abs(lat) <= 180:
        raise Rejected(
            "Longitude {lon} and latitude {lat} look swapped. Swap the two and try again.",
            lon=f"{lon:.10g}",
            lat=f"{lat:.10g}",
        )
    likely = systems.guess([lon], [lat])
    if likely is not None:
        raise Rejected(
            "{lon}, {lat} are metres of {crs}, not degrees. Name the coordinate system.",
            lon=f"{lon:.10g}",
            lat=f"{lat:.10g}",
            crs=likely,
        )
    raise Rejected(
        "{lon}, {lat} is no longitude and latitude. If it is metres, name the coordinate system.",
        lon=f"{lon:.10g}",
        lat=f"{lat:.10g}",
    )


def parse(
    value: str | bytes | Mapping[str, Any] | BaseGeometry, *, crs: str = systems.WGS84
) -> BaseGeometry:
    """Read GeoJSON, WKT (or EWKT), WKB (bytes or hex); give a checked shape in EPSG:4326."""
    found = value if isinstance(value, BaseGeometry) else _read(value)
    srid = int(shapely.get_srid(found))
    if srid not in SRID_WGS84:
        crs = f"EPSG:{srid}"
    return checked(found, crs=crs)


def checked(
    shape: BaseGeometry | None, *, crs: str = systems.WGS84, most_vertices: int = MAX_VERTICES
) -> BaseGeometry:
    """Give the shape in EPSG:4326 if it is whole, on the earth and not monstrous."""
    if shape is None or shape.is_empty:
        raise Rejected("The shape is empty. Draw it, or leave the row out.")
    count = int(shapely.count_coordinates(shape))
    if count > most_vertices:
        raise Rejected(
            "The shape has {count} vertices, the most is {most}. Simplify it and send it again.",
            count=count,
            most=most_vertices,
        )
    flat = shapely.set_srid(shapely.force_2d(shape), 0)
    if not np.isfinite(shapely.get_coordinates(flat)).all():
        raise Rejected("A vertex of the shape has no coordinates. Draw it again.")
    (moved,) = systems.shapes_to_wgs84([flat], crs=crs)
    _check_extent(moved)
    placed: BaseGeometry = moved
    return placed


def _check_extent(shape: BaseGeometry) -> None:
    west, south, east, north = shape.bounds
    check_place(west, south)
    check_place(east, north)


def boundary(
    shape: BaseGeometry | None, *, crs: str = systems.WGS84, most_vertices: int = MAX_VERTICES
) -> Boundary:
    """Make a boundary of an area: polygons only, valid, small faults mended, big ones refused."""
    found = checked(shape, crs=crs, most_vertices=most_vertices)
    parts = polygons(found)
    if not parts:
        raise Rejected("A boundary must be a polygon, this is a {kind}.", kind=found.geom_type)
    whole = MultiPolygon(parts)
    return Boundary(whole) if whole.is_valid else _repaired(whole)


def _repaired(found: MultiPolygon) -> Boundary:
    reason = explain_validity(found)
    where = _where(reason)
    mended = shapely.make_valid(found, method="structure", keep_collapsed=False)
    whole = shapely.union_all(polygons(mended))
    if whole.is_empty:
        raise Rejected("The shape has no area ({reason}). Draw it again.", reason=where)
    drawn = sum(_drawn_area(polygon) for polygon in polygons(found))
    share = abs(drawn - whole.area) / max(drawn, whole.area)
    if share > MAX_REPAIR:
        raise Rejected(
            "The shape crosses itself ({reason}); {percent} % of its area is unclear. "
            "Draw it again.",
            reason=where,
            percent=round(share * 100),
        )
    return Boundary(MultiPolygon(polygons(whole)), (Rejected("Mended: {reason}.", reason=reason),))


def _where(said: str) -> str:
    """Give the place of a fault alone: its name is English in any language."""
    return said.partition("[")[2].rstrip("]").replace(" ", ", ") or said


def _drawn_area(polygon: Polygon) -> float:
    holes = sum(_ring_area(hole) for hole in polygon.interiors)
    return _ring_area(polygon.exterior) - holes


def _ring_area(ring: LinearRing) -> float:
    """The area as drawn: loops that turn the other way count against it."""
    x, y = shapely.get_coordinates(ring).T
    x, y = x - x[0], y - y[0]
    return abs(float(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1]))) / 2


def polygons(shape: BaseGeometry) -> list[Polygon]:
    """The polygons of a shape, out of collections of collections too; the rest is left out."""
    if isinstance(shape, Polygon):
        return [shape]
    parts = shape.geoms if isinstance(shape, BaseMultipartGeometry) else ()
    return [polygon for part in parts for polygon in polygons(part)]


def _read(value: str | bytes | Mapping[str, Any]) -> BaseGeometry:
    if isinstance(value, Mapping):
        return _from_geojson(value)
    if len(value) > MAX_TEXT_BYTES:
        raise Rejected("The shape is too long to read. Simplify it and send it again.")
    if isinstance(value, bytes) and value[:1] in (b"\x00", b"\x01"):
        return _from_wkb(value)
    text = value.decode("utf-8", errors="replace") if isinstance(value, bytes) else value
    text = text.lstrip("\ufeff \t\r\n")
    if text[:1] == "{":
        return _from_geojson_text(text)
    if text[:2] in ("00", "01"):
        return _from_wkb(text)
    return _from_wkt(text)


def _from_geojson_text(text: str) -> BaseGeometry:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Rejected(
            "This is not GeoJSON: line {line}, column {column}.",
            line=error.lineno,
            column=error.colno,
        ) from error
    return _from_geojson(value)


def _from_geojson(value: Any) -> BaseGeometry:
    if not isinstance(value, Mapping):
        raise Rejected("This is not a GeoJSON shape. Draw it again.")
    kind = value.get("type")
    if kind == "FeatureCollection":
        features = value.get("features") or []
        if len(features) != 1:
            raise Rejected("One shape is asked for, {count} were given.", count=len(features))
        return _from_geojson(features[0])
    if kind == "Feature":
        return _from_geojson(value.get("geometry") or {})
    try:
        return from_mapping(dict(value))
    except (KeyError, TypeError, ValueError, AttributeError, shapely.errors.ShapelyError) as error:
        raise Rejected("This is not a GeoJSON shape. Draw it again.") from error


def _from_wkb(value: str | bytes) -> BaseGeometry:
    try:
        return shapely.from_wkb(value)
    except (shapely.errors.ShapelyError, ValueError) as error:
        raise Rejected("This is not a shape in WKB.") from error


def _from_wkt(text: str) -> BaseGeometry:
    srid, _, body = text.partition(";") if text[:5].upper() == "SRID=" else ("", "", text)
    try:
        found: BaseGeometry = shapely.from_wkt(body)
        return shapely.set_srid(found, int(srid[5:])) if srid else found
    except (shapely.errors.ShapelyError, ValueError) as error:
        raise Rejected("This is not a shape: neither GeoJSON nor WKT nor WKB.") from error
