"""Pages of evacuations: the commander's board, and the phone of who fetches and who confirms."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, BeforeValidator

from gis.authority import Act, may
from gis.store.base import new_id
from rescue_app.evacuation import reading, repository, service
from rescue_app.evacuation.rules import StepKind
from rescue_app.evacuation.service import StepDraft
from rescue_app.http.dependencies import Db, Now, Who
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
def board(request: Request, db: Db, actor: Who, evacuation_id: UUID) -> Response:
    """Show who is moved, who is missing, and how full the shelters are."""
    roster = service.visible(db, evacuation_id)
    told = reading.board(db, roster)
    facts: dict[str, Any] = {"crews": repository.crews_on_duty(db), "section": SECTION,
             "may_order": may(actor, Act.ISSUE_ORDER, roster.area_path)}  # fmt: skip
    return page(request, "evacuations/board.html", roster=roster, board=told, **facts)


@router.get("/evacuations/{evacuation_id}/moves", name="evacuation_moves")
def fetch(request: Request, db: Db, actor: Who, evacuation_id: UUID) -> Response:
    """Show a phone the households to fetch and to confirm, one's own crew's first."""
    roster = service.visible(db, evacuation_id)
    told = reading.board(db, roster)
    mine = repository.seats(db, actor.id)
    lines = sorted(told.lines, key=lambda line: line.move.crew_id not in mine)
    return page(request, "evacuations/moves.html", roster=roster, board=told, lines=lines,
                mine=mine, new_id=new_id)  # fmt: skip


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
