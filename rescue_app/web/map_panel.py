"""What the panel beside the map holds: a point as it is or was, and an asset."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from hazards.points import service as points
from qr_codes.assets import repository as assets
from qr_codes.findings import repository as findings
from qr_codes.inspections import repository as inspections
from rescue_app.api.points_query import moment
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
