"""The place of a night as a picture of our own outlines: streets around, where it was, who came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from math import cos, radians
from uuid import UUID

import shapely
from shapely import MultiPolygon, Point, Polygon
from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from gis.areas import repository as areas_of
from gis.areas.models import Area
from gis.areas.rules import AreaLevel
from gis.store.base import Shape, among
from rescue_app.dispatch.members.models import MemberStep
from rescue_app.dispatch.models import AssignmentStep, Order
from rescue_app.dispatch.rules import StepKind
from rescue_app.incidents.models import Incident
from rescue_app.site.models import SiteReport

WIDE, HIGH, EDGE = 960, 520, 24
LEAST_DEG = 0.01
ROUND = 0.25
MOST_STREETS = 60
MOST_PLACES = 500
DOT, PIN = 5, 9
PRINT_STYLE = """
text{font-family:FONT;font-size:14px;fill:#4a5563}.street{fill:#f4f6f8;stroke:#aab3bd;stroke-width:1}
.reach{fill:#f2690d;fill-opacity:.14;stroke:#c24e00;stroke-width:2}.pin{fill:#1c2430;stroke:#fff;stroke-width:2}
.arrived{fill:#1b4f9c;stroke:#fff;stroke-width:1.5}.told{fill:#fff;stroke:#1b4f9c;stroke-width:2}
"""


@dataclass(frozen=True, slots=True)
class Places:
    """What a picture shows, longitude first."""

    streets: Sequence[tuple[str, MultiPolygon]]
    incidents: Sequence[Incident]
    arrived: Sequence[Point]
    told: Sequence[Point]


def places(
    session: Session, incidents: Sequence[Incident], *, day: date, locale: str = "zh"
) -> Places:
    """Read the places of a night and the outlines of the streets around them."""
    name = Area.name if locale == "zh" else func.coalesce(func.nullif(Area.name_en, ""), Area.name)
    ids = [one.id for one in incidents]
    arrived, told = _arrived(session, ids), _told(session, ids)
    west, south, east, north = bounds(incidents, [*arrived, *told])
    seen = literal(shapely.box(west, south, east, north), Shape("POLYGON"))
    inside = func.ST_Intersection(func.ST_MakeValid(Area.boundary), seen)
    outline = func.ST_Multi(func.ST_CollectionExtract(inside, 3), type_=Shape("MULTIPOLYGON"))
    query = (
        select(name, outline)
        .where(
            areas_of.valid(day), Area.level == AreaLevel.STREET,
            func.ST_Intersects(Area.boundary, seen),
        )
        .order_by(Area.path)
        .limit(MOST_STREETS)
    )  # fmt: skip
    streets = [
        (name, shape) for name, shape in session.execute(query) if isinstance(shape, MultiPolygon)
    ]
    return Places(streets, incidents, arrived, told)


def _arrived(session: Session, incident_ids: Sequence[UUID]) -> list[Point]:
    """Where crews arrived, and their members who said it for themselves."""
    found: list[Point] = []
    for log in (AssignmentStep, MemberStep):
        query = (
            select(log.place)
            .join(Order, Order.id == log.order_id)
            .where(
                among(Order.incident_id, incident_ids),
                log.kind == StepKind.ARRIVED,
                log.place.is_not(None),
            )
            .limit(MOST_PLACES - len(found))
        )
        found += [place for place in session.scalars(query) if place is not None]
    return found


def _told(session: Session, incident_ids: Sequence[UUID]) -> list[Point]:
    query = (
        select(SiteReport.place)
        .join(Order, Order.id == SiteReport.order_id)
        .where(
            among(Order.incident_id, incident_ids),
            SiteReport.place.is_not(None),
        )
        .limit(MOST_PLACES)
    )
    return [place for place in session.scalars(query) if place is not None]


def bounds(
    incidents: Sequence[Incident], points: Sequence[Point]
) -> tuple[float, float, float, float]:
    """Give the box around all places, a quarter wider, in the shape of the picture."""
    shapes = [one.extent if one.extent is not None else one.place for one in incidents]
    west, south, east, north = shapely.total_bounds([*shapes, *points])
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    flat = cos(radians(middle_y))
    tall = max(north - south, LEAST_DEG) * (1 + 2 * ROUND)
    wide = max(east - west, LEAST_DEG) * (1 + 2 * ROUND)
    wide = max(wide, tall / flat * WIDE / HIGH)
    tall = max(tall, wide * flat * HIGH / WIDE)
    return (middle_x - wide / 2, middle_y - tall / 2, middle_x + wide / 2, middle_y + tall / 2)


def picture(shown: Places, *, label: str, style: str = "") -> str:
    """Draw it: north is up, a degree of longitude as short as it is there."""
    box = bounds(shown.incidents, [*shown.arrived, *shown.told])
    parts = [_street(outline, box) for _, outline in shown.streets]
    parts += [_named(name, outline, box) for name, outline in shown.streets]
    parts += [_area(one.extent, box, "reach") for one in shown.incidents if one.extent is not None]
    parts += [_dot(place, box, "told", DOT) for place in shown.told]
    parts += [_dot(place, box, "arrived", DOT) for place in shown.arrived]
    parts += [_dot(one.place, box, "pin", PIN) for one in shown.incidents]
    drawn = f"<style>{style}</style>" if style else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="ground" viewBox="0 0 {WIDE} {HIGH}"'
        f' role="img" aria-label="{escape(label)}">{drawn}{"".join(parts)}</svg>'
    )


Box = tuple[float, float, float, float]


def _at(x: float, y: float, box: Box) -> tuple[float, float]:
    west, south, east, north = box
    return (x - west) / (east - west) * WIDE, (north - y) / (north - south) * HIGH


def _ring(ring: shapely.LinearRing, box: Box) -> str:
    points = (_at(x, y, box) for x, y in shapely.get_coordinates(ring).tolist())
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z"


def _area(shape: MultiPolygon, box: Box, css: str) -> str:
    rings = "".join(_ring(ring, box) for part in shape.geoms for ring in _rings(part))
    return f'<path class="{css}" fill-rule="evenodd" d="{rings}"/>'


def _rings(part: Polygon) -> list[shapely.LinearRing]:
    return [part.exterior, *part.interiors]


def _street(outline: MultiPolygon, box: Box) -> str:
    return _area(outline, box, "street")


def _named(name: str, outline: MultiPolygon, box: Box) -> str:
    if outline.is_empty:
        return ""
    middle = outline.representative_point()
    x, y = _at(middle.x, middle.y, box)
    if not (EDGE < y < HIGH - EDGE and 3 * EDGE < x < WIDE - 3 * EDGE):
        return ""
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="middle" lang="zh-CN">{escape(name)}</text>'


def _dot(place: Point, box: Box, css: str, radius: int) -> str:
    x, y = _at(place.x, place.y, box)
    return f'<circle class="{css}" cx="{x:.1f}" cy="{y:.1f}" r="{radius}"/>'
