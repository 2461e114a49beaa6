"""The form of an incident: what, where, from whom; and the question whether it is known already."""

import re
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, BeforeValidator, Field
from shapely import MultiPolygon, Point, Polygon
from sqlalchemy.orm import Session

from gis import geometry
from gis.areas import framing
from gis.authority import Actor
from gis.errors import PlatformError, Rejected
from gis.store.base import new_id
from hazards.points import types
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.incidents import joining, repository, service
from rescue_app.incidents.models import Incident
from rescue_app.incidents.rules import IncidentDraft, Likeness
from rescue_app.web.render import LOCAL_ZONE, page, say

router = APIRouter(include_in_schema=False)
SECTION = "incidents"
Blank = BeforeValidator(lambda value: value or None)
CORNER = re.compile(r"^\s*(-?\d+(?:\.\d+)?)[\s,，;]+(-?\d+(?:\.\d+)?)\s*$")
NEXT_PART = re.compile(r"\r?\n\s*\n")
ANOTHER = "another"
PROPOSAL = "proposal"
"""Where one who drew the area on the map goes next."""


class IncidentForm(BaseModel):
    """The form's fields; its number is made with the form, so a second press changes nothing."""

    id: UUID = Field(default_factory=new_id)
    hazard_type: str = ""
    title: str = ""
    lon: str = ""
    lat: str = ""
    area: str = ""
    grade: Annotated[str | None, Blank] = None
    source: str = "report"
    source_ref: Annotated[UUID | None, Blank] = None
    told_by: str = ""
    happened: str = ""
    is_drill: bool = False
    split_from: Annotated[UUID | None, Blank] = None
    same_as: str = ""
    then: str = ""

    def draft(self) -> IncidentDraft:
        """Give it as the service takes it."""
        extent = drawn(self.area)
        return IncidentDraft(
            id=self.id,
            hazard_type=self.hazard_type,
            title=self.title,
            place=self.place(extent),
            grade=self.grade,
            source=self.source,
            is_drill=self.is_drill,
            extent=extent,
            source_ref=self.source_ref,
            told_by=self.told_by,
            happened_at=moment(self.happened),
        )

    def place(self, extent: MultiPolygon | None) -> Point:
        """Give the place; without one that is named, a place inside the drawn area."""
        if self.lon.strip() and self.lat.strip():
            return geometry.point(degrees(self.lon), degrees(self.lat))
        if extent is None:
            raise Rejected("Click the place on the map, or enter longitude and latitude.")
        return extent.representative_point()

    @property
    def at(self) -> tuple[str, str]:
        """Give where the map begins: at what was typed, if that is a place."""
        try:
            place = self.place(None)
        except Rejected:
            return "", ""
        return str(place.x), str(place.y)

    def known(self) -> UUID | None:
        """Give the incident that it is the same as, if somebody said so."""
        try:
            return None if self.same_as in ("", ANOTHER) else UUID(self.same_as)
        except ValueError:
            raise Rejected("Choose from the list whether it is the same.") from None


def degrees(said: str) -> float:
    """Read a longitude or a latitude."""
    try:
        return float(said)
    except ValueError:
        raise Rejected("Longitude and latitude are numbers, such as 108.380 and 30.810.") from None


def moment(said: str) -> datetime | None:
    """Read a time as the city's clocks show it."""
    if not said:
        return None
    try:
        return datetime.fromisoformat(said).replace(tzinfo=LOCAL_ZONE)
    except ValueError:
        raise Rejected("This is not a time: {entered}", entered=said) from None


def drawn(said: str) -> MultiPolygon | None:
    """Read a drawn area: corners one a line, an empty line between one part and the next."""
    blocks = [block for block in NEXT_PART.split(said) if block.strip()]
    parts = [part for block in blocks for part in ring(block).geoms]
    return MultiPolygon(parts) if parts else None


def ring(said: str) -> MultiPolygon:
    """Read one part of an area."""
    lines = [line for line in said.splitlines() if line.strip()]
    found = [CORNER.match(line) for line in lines]
    if len(found) < 3 or not all(found):
        raise Rejected("An area needs three corners or more, longitude and latitude, one a line.")
    corners = [(float(one[1]), float(one[2])) for one in found if one]
    return geometry.boundary(Polygon(corners)).shape


def likeness(request: Request) -> Likeness:
    """Give how near two incidents are perhaps the same one, as this installation has it."""
    told = request.app.state.settings
    return Likeness(told.incident_alike_m, timedelta(hours=told.incident_alike_hours))


@router.get("/incidents/new", name="new_incident")
def new_incident(
    request: Request, db: Db, actor: Who, form: Annotated[IncidentForm, Query()]
) -> Response:
    """Show an empty form, or one with the place clicked on the map."""
    return show(request, db, actor, form)


@router.post("/incidents/new")
def open_incident(
    request: Request, db: Db, actor: Who, now: Now, form: Annotated[IncidentForm, Form()]
) -> Response:
    """Open the incident and go to its page; what is perhaps known is asked about first."""
    try:
        incident = entered(request, db, actor, form, now)
    except Rejected as problem:
        return show(request, db, actor, form, problem=problem)
    if not isinstance(incident, Incident):
        return show(request, db, actor, form, alike=incident)
    way = "/proposal" if form.then == PROPOSAL else ""
    return RedirectResponse(f"/incidents/{incident.id}{way}", 303)


def entered(
    request: Request, db: Session, actor: Actor, form: IncidentForm, now: datetime
) -> Incident | list[Incident]:
    """Open it, join it, split it off, or give those that it is perhaps the same as."""
    draft, limits = form.draft(), likeness(request)
    if form.split_from is not None:
        return joining.split(db, from_id=form.split_from, draft=draft, by=actor, now=now)
    if not form.same_as:
        near = joining.alike(db, draft, now=now, limits=limits)
        known = [one for one in (repository.visible(db, each) for each in near) if one]
        if known:
            return known
    if form.same_as == ANOTHER:  # a person's word counts, even about what a machine told
        return service.open_incident(db, draft=draft, by=actor, now=now)
    return joining.enter(db, draft=draft, by=actor, now=now, limits=limits, same_as=form.known())


def show(
    request: Request,
    db: Session,
    actor: Actor,
    form: IncidentForm,
    *,
    problem: PlatformError | None = None,
    alike: list[Incident] | None = None,
) -> Response:
    """Show the form, with what was entered, what is not right, and what is perhaps known."""
    parent = service.visible(db, form.split_from) if form.split_from else None
    facts: dict[str, Any] = {
        "form": form,
        "types": [kind for kind in types.all_types(db) if kind.active],
        "bounds": framing.extent(db, actor.area_path),
        "problem": say(request, problem.text, **problem.values) if problem else None,
        "alike": alike or [],
        "parent": parent,
        "section": SECTION,
    }
    return page(request, "incidents/new.html", status=422 if problem or alike else 200, **facts)
