"""Pages of incidents: what is happening, and the orders given for it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, BeforeValidator, Field
from shapely import Point
from sqlalchemy.orm import Session

from gis.areas import framing
from gis.areas.placing import day_of
from gis.authority import Act, Actor, may
from gis.errors import Rejected
from gis.store.base import new_id
from hazards.points import types
from rescue_app.dispatch import reading
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.incidents import repository, service
from rescue_app.incidents.rules import IncidentDraft
from rescue_app.web.render import page, say

router = APIRouter()
SECTION = "incidents"
Blank = BeforeValidator(lambda value: value or None)


class IncidentForm(BaseModel):
    """The form's fields; its number is made with the form, so a second press changes nothing."""

    id: UUID = Field(default_factory=new_id)
    hazard_type: str = ""
    title: str = ""
    lon: Annotated[float | None, Blank] = None
    lat: Annotated[float | None, Blank] = None
    grade: Annotated[str | None, Blank] = None
    is_drill: bool = False

    def draft(self) -> IncidentDraft:
        """Give it as the service takes it."""
        if self.lon is None or self.lat is None:
            raise Rejected("Click the place on the map, or enter longitude and latitude.")
        place = Point(self.lon, self.lat)
        return IncidentDraft(
            id=self.id,
            hazard_type=self.hazard_type,
            title=self.title,
            place=place,
            grade=self.grade,
            is_drill=self.is_drill,
        )


def form_page(
    request: Request,
    db: Session,
    actor: Actor,
    form: IncidentForm,
    problem: Rejected | None = None,
) -> Response:
    """Show the form, with what was entered and what is not right with it."""
    facts: dict[str, Any] = {
        "form": form,
        "types": [kind for kind in types.all_types(db) if kind.active],
        "bounds": framing.extent(db, actor.area_path),
        "problem": say(request, problem.text, **problem.values) if problem else None,
        "section": SECTION,
    }
    return page(request, "incidents/new.html", status=422 if problem else 200, **facts)


@router.get("/incidents", name="incidents")
def list_incidents(request: Request, db: Db, actor: Who, now: Now) -> Response:
    """Show what is happening, and the orders on their way down."""
    seq = request.app.state.hub.seq  # before the contents, so that nothing falls between
    rows = repository.latest(db, open_only=False)
    facts = _about(db, rows, now) | {"orders": reading.latest_orders(db), "section": SECTION}
    facts["waiting"] = reading.unanswered(db, actor.area_path)
    may_open = may(actor, Act.OPEN_INCIDENT, actor.area_path)
    return page(request, "incidents/list.html", rows=rows, may_open=may_open, seq=seq, **facts)


@router.get("/incidents/new", name="new_incident")
def new_incident(
    request: Request, db: Db, actor: Who, form: Annotated[IncidentForm, Query()]
) -> Response:
    """Show an empty form, or one with the place clicked on the map."""
    return form_page(request, db, actor, form)


@router.post("/incidents/new")
def open_incident(
    request: Request, db: Db, actor: Who, now: Now, form: Annotated[IncidentForm, Form()]
) -> Response:
    """Open the incident and go to its page."""
    try:
        incident = service.open_incident(db, draft=form.draft(), by=actor, now=now)
    except Rejected as problem:
        return form_page(request, db, actor, form, problem)
    return RedirectResponse(f"/incidents/{incident.id}", 303)


@router.get("/incidents/{incident_id}", name="incident")
def show_incident(request: Request, db: Db, actor: Who, now: Now, incident_id: UUID) -> Response:
    """Show an incident and its orders."""
    seq = request.app.state.hub.seq
    row = service.visible(db, incident_id)
    orders = reading.latest_orders(db, incident_id=row.id)
    facts = _about(db, [row], now) | {"orders": orders, "section": SECTION, "seq": seq}
    facts["may_order"] = may(actor, Act.ISSUE_ORDER, actor.area_path)
    facts["may_close"] = may(actor, Act.OPEN_INCIDENT, row.area_path)
    return page(request, "incidents/detail.html", row=row, **facts)


@router.post("/incidents/{incident_id}/close")
def close_incident(db: Db, actor: Who, now: Now, incident_id: UUID) -> Response:
    """Close an incident."""
    service.close(db, incident_id=incident_id, by=actor, now=now)
    return RedirectResponse(f"/incidents/{incident_id}", 303)


def _about(db: Session, rows: list[Any], now: Any) -> dict[str, Any]:
    paths = {row.area_path for row in rows}
    return {
        "areas": repository.areas(db, paths, day=day_of(now)),
        "kinds": {kind.code: kind for kind in types.all_types(db)},
    }
