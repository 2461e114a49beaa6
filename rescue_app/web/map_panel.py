"""What the panel beside the map holds: a point as it is or was, and what lies in a shape."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from shapely.geometry import Polygon, mapping
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from gis import crs
from gis.authority import Act, Actor, may
from hazards.points import service as points
from hazards.points import summary
from qr_codes.assets import repository as assets
from qr_codes.findings import repository as findings
from qr_codes.inspections import repository as inspections
from rescue_app.api.points_query import PointQuery, moment
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web.navigation import ways
from rescue_app.web.points_detail import detail
from rescue_app.web.render import page

router = APIRouter()
Facts = dict[str, Any]
MOST_FINDINGS = 5
"""The worst of an asset; the rest stand on its page."""


@router.get("/points/{point_id}/panel", name="point_panel")
def point_panel(
    request: Request, db: Db, who: Who, now: Now, point_id: UUID, as_of: str | None = None
) -> Response:
    """Show a point beside the map: what it is or was, its life, whom to call, the way there."""
    point = points.visible(db, point_id)
    facts = detail(request, db, who, now, point)
    at = moment(as_of) if as_of else None
    entry = next((step.entry for step in facts["steps"] if at is None or step.at <= at), None)
    there = ways(point.place, point.name)
    return page(request, "points/panel.html", **facts, entry=entry, at=at, ways=there)


@router.get("/assets/{asset_id}/panel", name="asset_panel")
def asset_panel(request: Request, db: Db, _: Who, asset_id: UUID) -> Response:
    """Show an asset beside the map, with what is wrong there and not mended yet."""
    asset = assets.visible(db, asset_id)
    open_now, total = findings.listing(db, findings.Wanted(asset_id=asset.id))
    facts: Facts = {"asset": asset, "label": assets.in_force(db, asset.id), "total": total}
    facts |= {"findings": open_now[:MOST_FINDINGS], "visits": inspections.latest(db, asset.id)[:1]}
    return page(request, "map/asset.html", **facts)


@router.get("/map/inside", name="map_inside")
def inside_panel(
    request: Request, db: Db, who: Who, now: Now, asked: Annotated[PointQuery, Query()]
) -> Response:
    """Say beside the map what lies inside a drawn shape."""
    facts = inside(db, who, now, asked)
    return page(request, "map/inside.html", question=request.url.query, **facts)


def inside(db: Session, who: Actor, now: datetime, asked: PointQuery) -> Facts:
    """Sum up the points of a question and the assets of its shape."""
    meant = asked.filter(db, now)
    opens = may(who, Act.OPEN_INCIDENT, who.area_path) and asked.as_of is None
    return {
        "figures": summary.summed(db, meant),
        "assets": assets.counted_within(db, meant.within) if meant.within is not None else [],
        "asked": asked,
        "corners": corners(meant.within) if opens else "",
        **measured(meant.within),
    }


def measured(shape: BaseGeometry | None) -> Facts:
    """Give a shape's true size, and the shape as pages draw it."""
    if shape is None:
        return {"area_km2": None, "outline": None}
    return {"area_km2": crs.area_m2(shape) / 1e6, "outline": mapping(shape)}


def corners(shape: BaseGeometry | None) -> str:
    """Give a drawn area as the form of an incident takes it: its corners, one a line.

    The round edge of surroundings is said by fewer corners: an address is no place for more.
    """
    if not isinstance(shape, Polygon):
        return ""
    ring = shape.exterior.simplify(shape.length / 400).coords[:-1]
    return "\n".join(f"{lon:.5f}, {lat:.5f}" for lon, lat, *_ in ring)
