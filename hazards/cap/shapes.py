"""Where a message holds: its polygons and circles as one shape, its codes as they are written."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import shapely
from shapely import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from gis import crs, geometry
from gis.errors import Rejected
from hazards.cap.message import Area

LEAST_CORNERS = 3
MOST_RADIUS_KM = 500.0


def drawn(areas: Sequence[Area]) -> MultiPolygon | None:
    """Give all that is drawn together, or refuse what cannot be."""
    parts: list[BaseGeometry] = [_polygon(said) for area in areas for said in area.polygons]
    parts += [_circle(said) for area in areas for said in area.circles]
    if not parts:
        return None
    return MultiPolygon(geometry.polygons(shapely.union_all(parts)))


def codes(areas: Sequence[Area]) -> list[str]:
    """Give the codes of areas, each once."""
    found = (code.value.strip() for area in areas for code in area.codes if code.value)
    return list(dict.fromkeys(found))


def candidates(code: str) -> Iterator[str]:
    """Give what a code may be with us: itself, and without the zeros that only fill it up."""
    yield code
    for length in (9, 6):
        if len(code) > length and not code[length:].strip("0"):
            yield code[:length]


def _polygon(said: str) -> Polygon:
    corners = [_pair(pair) for pair in said.split()]
    if corners and corners[0] == corners[-1]:
        corners.pop()
    if len(set(corners)) < LEAST_CORNERS:
        raise Rejected("A polygon has fewer than three corners. Ask the sender.")
    kept = [one for one, after in pairwise([*corners, corners[0]]) if one != after]
    shape = Polygon(kept)
    if not shape.is_valid:
        raise Rejected(
            "A polygon crosses itself near {place}. What it holds is unclear: ask the sender.",
            place=explain_validity(shape).partition("[")[2].rstrip("]"),
        )
    return shape


def _circle(said: str) -> BaseGeometry:
    centre, _, radius = said.strip().rpartition(" ")
    lon, lat = _pair(centre.strip())
    radius_km = _number(radius)
    if not 0 < radius_km <= MOST_RADIUS_KM:
        raise Rejected("A circle's radius is {said} km: more than 0 and at most 500 is right.",
                       said=radius[:20])  # fmt: skip
    return crs.buffer(Point(lon, lat), radius_m=radius_km * 1000)


def _pair(said: str) -> tuple[float, float]:
    lat, _, lon = said.partition(",")
    place = (_number(lon), _number(lat))
    geometry.check_place(*place)
    return place


def _number(said: str) -> float:
    try:
        return float(said)
    except ValueError:
        raise Rejected(
            "“{said}” is no position. CAP writes the latitude, a comma, the longitude.",
            said=said[:40],
        ) from None
