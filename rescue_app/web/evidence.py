"""Pages of the evidence: search the records, see why a place is proposed, and decide on it."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, may
from gis.errors import Rejected
from hazards.evidence import repository, service
from hazards.evidence.repository import PAGE_ROWS
from hazards.evidence.rules import Asked, State
from hazards.points.cases.proposing import Ask
from hazards.points.rules import Category
from rescue_app import evidence_search
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import evidence_view
from rescue_app.web.points_view import areas_read, type_names
from rescue_app.web.render import page, say

router = APIRouter(include_in_schema=False)
SECTION = "points"
STATES = (State.OPEN, State.ACCEPTED, State.MERGED, State.REJECTED, State.OUTDATED)


class Figures(BaseModel):
    """The form of a search."""

    family: str = "geological"
    within_m: int = 1_000
    fewest: int = 3
    apart_days: int = 3
    close_days: int = 30

    def asked(self) -> Asked:
        """Give it as the search takes it."""
        return Asked(**self.model_dump())


class Listed(BaseModel):
    """Which proposals a list shows."""

    state: State = State.OPEN
    page: int = 1


class Choice(BaseModel):
    """What a planner decides; the case's number is made with the form."""

    case: UUID
    name: str = ""
    category: Category = Category.OCCURRENCE


@router.get("/evidence", name="evidence")
def list_page(
    request: Request, db: Db, who: Who, now: Now, asked: Annotated[Listed, Query()]
) -> Response:
    """Show what the records propose, and the searches that found it."""
    return show(request, db, who, now, asked, Figures())


@router.post("/evidence")
def begin(
    request: Request, db: Db, who: Who, now: Now, figures: Annotated[Figures, Form()]
) -> Response:
    """Let a job search the records of one's area."""
    try:
        evidence_search.ask(db, figures.asked(), by=who)
    except Rejected as problem:
        return show(request, db, who, now, Listed(), figures, problem)
    return RedirectResponse("/evidence", 303)


@router.get("/evidence/{proposal_id}", name="evidence_proposal")
def one_page(request: Request, db: Db, who: Who, now: Now, proposal_id: UUID) -> Response:
    """Show one proposal: why, on the map, record by record, and what can be done with it."""
    row = repository.visible(db, proposal_id)
    facts = evidence_view.page_facts(request, db, who, row, now)
    return page(request, "evidence/one.html", section=SECTION, **facts)


@router.post("/evidence/{proposal_id}/accept")
def accept(
    request: Request, db: Db, who: Who, now: Now, proposal_id: UUID,
    choice: Annotated[Choice, Form()],
) -> Response:  # fmt: skip
    """Apply for a new point there."""
    ask = asking(request, db, proposal_id, choice, who, now)
    case = service.accept(
        db, proposal_id=proposal_id, ask=ask, name=choice.name, category=choice.category
    )
    return decided(request, proposal_id, f"/cases/{case.id}")


@router.post("/evidence/{proposal_id}/merge")
def merge(
    request: Request, db: Db, who: Who, now: Now, proposal_id: UUID,
    choice: Annotated[Choice, Form()], point: Annotated[str, Form()],
) -> Response:  # fmt: skip
    """Let the records speak for a point of the ledger."""
    point_id, version = read_point(point)
    ask = asking(request, db, proposal_id, choice, who, now)
    case = service.merge(
        db, proposal_id=proposal_id, ask=ask, point_id=point_id, seen_version=version
    )
    return decided(request, proposal_id, f"/cases/{case.id}" if case else None)


@router.post("/evidence/{proposal_id}/reject")
def reject(
    request: Request, db: Db, who: Who, now: Now, proposal_id: UUID,
    reason: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Say that this is no point."""
    service.reject(db, proposal_id=proposal_id, reason=reason, by=who, now=now)
    return decided(request, proposal_id)


@router.post("/evidence/{proposal_id}/take-back")
def take_back(request: Request, db: Db, who: Who, proposal_id: UUID) -> Response:
    """Open a proposal anew that was decided by mistake."""
    service.take_back(db, proposal_id=proposal_id, by=who)
    return decided(request, proposal_id)


def decided(request: Request, proposal_id: UUID, elsewhere: str | None = None) -> Response:
    """Go on after a decision; whoever decides beside the map stays there."""
    if request.headers.get("hx-request"):
        return RedirectResponse(f"/proposals/{proposal_id}/panel", 303)
    return RedirectResponse(elsewhere or f"/evidence/{proposal_id}", 303)


def read_point(said: str) -> tuple[UUID, int]:
    """Read which point was chosen, as of which version it was seen."""
    try:
        point, version = said.split(" ")
        return UUID(point), int(version)
    except ValueError as error:
        raise Rejected("Choose the point that the records belong to.") from error


def asking(
    request: Request, db: Session, proposal_id: UUID, choice: Choice, who: Actor, now: datetime
) -> Ask:
    """Give who asks for the case, with the reason that the page shows."""
    row = repository.visible(db, proposal_id)
    days = evidence_view.days_of(repository.events(db, row.event_ids))
    return Ask(choice.case, who, now, evidence_view.why(request, row, days))


def show(
    request: Request, db: Session, who: Actor, now: datetime, asked: Listed, figures: Figures,
    problem: Rejected | None = None,
) -> Response:  # fmt: skip
    """Show the list with everything already entered."""
    rows, counts = repository.listing(db, states=[asked.state], page=asked.page)
    total = counts.get(asked.state, 0)
    facts: dict[str, Any] = {
        "lines": evidence_view.lines(request, db, rows),
        "counts": counts,
        "states": STATES,
        "asked": asked,
        "pages": -(-total // PAGE_ROWS),
        "figures": figures,
        "families": repository.families(db),
        "may_search": may(who, Act.EDIT_POINT, who.area_path),
        "jobs": evidence_search.unfinished(db, who),
        "searches": repository.searches(db),
        "types": type_names(request, db),
        "areas": areas_read(request, db, {row.area_path for row in rows}, now),
        "problem": say(request, problem.text, **problem.values) if problem else None,
        "seq": request.app.state.hub.seq,
    }
    status = 422 if problem else 200
    return page(request, "evidence/list.html", section=SECTION, status=status, **facts)
