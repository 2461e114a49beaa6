"""The one map: the desk's page, its list and its breadcrumb; the features bring the contents."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from gis.areas import framing
from gis.areas import repository as areas
from gis.authority import Act, Actor, may, within
from hazards.points import service as points
from hazards.points import types
from hazards.points.exporting import Form
from hazards.points.models import HazardType
from qr_codes.assets import repository as assets
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web.navigation import ways
from rescue_app.web.points_detail import detail
from rescue_app.web.render import LOCAL_ZONE, language, page

router = APIRouter()
Facts = dict[str, Any]


def shown_area(actor: Actor, asked: str | None) -> str:
    """Give the area in focus: the one asked for, if it lies in the actor's own."""
    return asked if asked and within(asked, actor.area_path) else actor.area_path


def named(request: Request, kind: HazardType) -> str:
    """Give a hazard type's name in the reader's language."""
    return kind.name_zh if language(request) == "zh" else kind.name_en


def trail(db: Session, focus: str, day: date) -> Facts:
    """Tell where an area lies: what is above it, right below it, and the box that holds it."""
    return {
        "steps": areas.lineage(db, focus, day),
        "below": areas.children(db, focus, day),
        "bounds": framing.extent(db, focus, day),
    }


def around(request: Request, db: Session, actor: Actor, focus: str, now: datetime) -> Facts:
    """Tell what stands around the map of an area."""
    day = now.astimezone(LOCAL_ZONE).date()
    return {
        **trail(db, focus, day),
        "focus": focus,
        "forms": [form.value for form in Form],
        "hazard_types": [(kind.code, named(request, kind)) for kind in types.all_types(db)],
        "may_open_incident": may(actor, Act.OPEN_INCIDENT, focus),
    }


@router.get("/map", name="map")
def show_map(request: Request, db: Db, who: Who, now: Now, area: str | None = None) -> Response:
    """Show the map of the actor's area, or of one below it."""
    focus = shown_area(who, area)
    facts = around(request, db, who, focus, now)
    return page(request, "map/map.html", section="map", **facts)


@router.get("/map/trail", name="map_trail")
def show_trail(
    request: Request, db: Db, who: Who, now: Now, area: Annotated[str, Query()]
) -> Response:
    """Show where an area lies, for the map's breadcrumb."""
    day = now.astimezone(LOCAL_ZONE).date()
    focus = shown_area(who, area)
    return page(request, "map/trail.html", **trail(db, focus, day))


@router.get("/points/{point_id}/panel", name="point_panel")
def point_panel(request: Request, db: Db, who: Who, now: Now, point_id: UUID) -> Response:
    """Show a point beside the map: what it is, its life, whom to call, the way there."""
    point = points.visible(db, point_id)
    facts = detail(request, db, who, now, point)
    return page(request, "points/panel.html", **facts, ways=ways(point.place, point.name))


@router.get("/assets/{asset_id}/panel", name="asset_panel")
def asset_panel(request: Request, db: Db, _: Who, asset_id: UUID) -> Response:
    """Show an asset beside the map."""
    asset = assets.visible(db, asset_id)
    return page(request, "map/asset.html", asset=asset, label=assets.in_force(db, asset.id))
