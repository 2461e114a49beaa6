"""The one map: the desk's page, its list and its breadcrumb; the features bring the contents."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from gis.areas import framing
from gis.areas import repository as areas
from gis.authority import Act, Actor, may, within
from hazards.events import repository as events
from hazards.events import rules as known
from hazards.monitoring import properties
from hazards.points import types
from hazards.points.models import HazardType
from qr_codes.assets import repository as assets
from rescue_app.api.points_query import moment
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.views import repository as views
from rescue_app.web.render import LOCAL_ZONE, language, page

router = APIRouter()
Facts = dict[str, Any]


class Asked(BaseModel):
    """What of the map's address the page itself minds; a kept view stands for all of it."""

    area: str | None = None
    as_of: str | None = None
    view: UUID | None = None


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
        "basemap": request.app.state.basemap,
        "hazard_types": [(kind.code, named(request, kind)) for kind in types.all_types(db)],
        "asset_types": assets.types(db),
        "properties": properties.listed(db),
        "may_open_incident": may(actor, Act.OPEN_INCIDENT, focus),
    }


@router.get("/map", name="map")
def show_map(
    request: Request, db: Db, who: Who, now: Now, asked: Annotated[Asked, Query()]
) -> Response:
    """Show the map of the actor's area, or of one below it, as it is, as it was, or as kept."""
    if asked.view is not None:
        return RedirectResponse(f"/map{views.visible(db, asked.view).address}", 303)
    focus, at = shown_area(who, asked.area), moment(asked.as_of) if asked.as_of else now
    seq = request.app.state.hub.seq  # before the facts: what comes between is then told again
    facts = around(request, db, who, focus, at) | {"today": now.astimezone(LOCAL_ZONE).date()}
    return page(request, "map/map.html", section="map", seq=seq, **facts)


@router.get("/map/trail", name="map_trail")
def show_trail(
    request: Request,
    db: Db,
    who: Who,
    now: Now,
    area: Annotated[str, Query()],
    on: date | None = None,
) -> Response:
    """Show where an area lies, today or on a day, for the map's breadcrumb."""
    day = on or now.astimezone(LOCAL_ZONE).date()
    focus = shown_area(who, area)
    return page(request, "map/trail.html", **trail(db, focus, day))


@router.get("/events/{event_id}/panel", name="event_panel")
def event_panel(request: Request, db: Db, _: Who, event_id: UUID) -> Response:
    """Show a disaster of the past beside the map, as exactly as it is known."""
    event = events.visible(db, event_id)
    facts: Facts = {
        "day": known.said(event.happened_at, event.time_precision),
        "accuracy": known.accuracy(event.location_accuracy_m),
        "kind": named(request, db.get_one(HazardType, event.hazard_type)),
    }
    return page(request, "map/event.html", event=event, **facts)
