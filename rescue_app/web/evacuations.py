"""Pages of evacuations: the commander's board, and the phone of who fetches and who confirms."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, BeforeValidator
from shapely import to_geojson
from sqlalchemy.orm import Session

from gis import crs
from gis.authority import Act, may
from gis.store.base import new_id
from rescue_app.evacuation import patrol_rules, patrols, reading, repository, service
from rescue_app.evacuation.models import Evacuation
from rescue_app.evacuation.rules import StepKind
from rescue_app.evacuation.service import StepDraft
from rescue_app.http.dependencies import Db, Every, Now, Who
from rescue_app.incidents import repository as incidents
from rescue_app.web import flash
from rescue_app.web.render import page, say

router = APIRouter(include_in_schema=False)
SECTION = "incidents"
Blank = BeforeValidator(lambda value: None if value == "" else value)
Chosen = Annotated[UUID | None, Blank, Form()]


class StepForm(BaseModel):
    """A step as the page sends it; its number is made with the form."""

    id: UUID
    kind: StepKind
    note: str = ""
    confirms: Annotated[UUID | None, Blank] = None


class PatrolForm(BaseModel):
    """A round against return; its number is made with the form."""

    id: UUID
    note: str = ""


@router.get("/evacuations", name="evacuations")
def list_rosters(request: Request, db: Db, _: Who) -> Response:
    """Show the rosters of one's area."""
    return page(request, "evacuations/list.html", rows=repository.latest(db), section=SECTION)


@router.post("/evacuations")
def make(
    db: Db, actor: Who, now: Now, incident: Annotated[UUID, Form()],
    radius_m: Annotated[int, Form()] = 500,
) -> Response:  # fmt: skip
    """Make the roster of an incident, or go to the one there is."""
    made = service.make(db, incident_id=incident, radius_m=radius_m, by=actor, now=now)
    return RedirectResponse(f"/evacuations/{made.id}", 303)


@router.get("/evacuations/{evacuation_id}", name="evacuation")
def board(
    request: Request, db: Db, actor: Who, now: Now, every: Every, evacuation_id: UUID
) -> Response:
    """Show who is moved, who is missing, and how full the shelters are."""
    roster = service.visible(db, evacuation_id)
    told = reading.board(db, roster)
    facts: dict[str, Any] = {"crews": repository.crews_on_duty(db), "section": SECTION,
             "may_order": may(actor, Act.ISSUE_ORDER, roster.area_path)}  # fmt: skip
    facts |= walked(db, roster, every) | drawn(db, roster, told) | {"now": now}
    if facts["may_order"] and roster.cleared_at is None:
        facts["shelters"] = service.shelters(db, roster)
    return page(request, "evacuations/board.html", roster=roster, board=told, **facts)


@router.get("/evacuations/{evacuation_id}/moves", name="evacuation_moves")
def fetch(
    request: Request, db: Db, actor: Who, now: Now, every: Every, evacuation_id: UUID
) -> Response:
    """Show a phone the households to fetch and to confirm, what is this person's to do first."""
    roster = service.visible(db, evacuation_id)
    told = reading.board(db, roster)
    mine = repository.seats(db, actor.id)
    lines = sorted(told.lines, key=lambda line: line.turn(actor.id, mine))
    return page(request, "evacuations/moves.html", roster=roster, board=told, lines=lines,
                mine=mine, new_id=new_id, now=now, **walked(db, roster, every))  # fmt: skip


@router.post("/evacuations/{evacuation_id}/patrols")
def patrol(
    request: Request, db: Db, actor: Who, now: Now, every: Every, evacuation_id: UUID,
    form: Annotated[PatrolForm, Form()],
) -> Response:  # fmt: skip
    """Keep that the danger area was walked."""
    draft = patrols.PatrolDraft(form.id, form.note)
    patrols.tell(db, evacuation_id=evacuation_id, draft=draft, by=actor, now=now, every=every)
    there = RedirectResponse(f"/evacuations/{evacuation_id}/moves", 303)
    return flash.say(there, say(request, "Kept."))


@router.post("/evacuations/moves/{move_id}")
def tell(
    request: Request, db: Db, actor: Who, now: Now, move_id: UUID, form: Annotated[StepForm, Form()]
) -> Response:
    """Keep what somebody says about a household."""
    draft = StepDraft(form.id, form.kind, form.note, None, form.confirms)
    move = service.tell(db, move_id=move_id, draft=draft, by=actor, now=now)
    there = RedirectResponse(f"/evacuations/{move.evacuation_id}/moves#move-{move.id}", 303)
    return flash.say(there, say(request, "Kept."))


@router.post("/evacuations/moves/{move_id}/assign")
def assign(
    request: Request, db: Db, actor: Who, move_id: UUID,
    crew_id: Chosen = None, shelter_id: Chosen = None,
) -> Response:  # fmt: skip
    """Say who fetches a household and where it goes."""
    told = {"crew_id": crew_id, "shelter_id": shelter_id}
    move = service.assign(db, move_id=move_id, by=actor, **told)
    there = RedirectResponse(f"/evacuations/{move.evacuation_id}", 303)
    return flash.say(there, say(request, "Kept."))


@router.post("/evacuations/{evacuation_id}/clear")
def clear(request: Request, db: Db, actor: Who, now: Now, evacuation_id: UUID) -> Response:
    """Give the all-clear, where every household is verified."""
    service.clear(db, evacuation_id=evacuation_id, by=actor, now=now)
    there = RedirectResponse(f"/evacuations/{evacuation_id}", 303)
    return flash.say(there, say(request, "The all-clear is given."))


def walked(db: Session, roster: Evacuation, every: timedelta) -> dict[str, Any]:
    """Give the rounds against return, and by when the next one is due."""
    due = patrol_rules.due(repository.rounds(db, roster), every=every)
    return {"patrols": patrols.kept(db, roster), "patrol_due": due}


def homes(told: reading.Board) -> list[list[object]]:
    """Give the households for the map: where, how each stands, whose it is, how many."""
    return [
        [m.place.x, m.place.y, line.state.standing, f"{m.head} · {m.people}", str(m.id)]
        for line in told.lines
        for m in [line.move]
    ]


def drawn(db: Session, roster: Evacuation, told: reading.Board) -> dict[str, object]:
    """Give what the map of a roster shows."""
    return {"homes": homes(told), "danger": danger(db, roster)}


def danger(db: Session, roster: Evacuation) -> str:
    """Give the area that is evacuated as GeoJSON; nothing where its incident is not to be seen."""
    incident = incidents.visible(db, roster.incident_id)
    if incident is None:
        return ""
    if roster.radius_m is not None:
        return to_geojson(crs.buffer(incident.place, radius_m=roster.radius_m))
    return to_geojson(incident.extent) if incident.extent else ""
