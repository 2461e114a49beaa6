"""Cases of the ledger over HTTP: which there are, and the next step of each."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from hazards.points.cases import repository
from hazards.points.cases.proposing import Ask
from hazards.points.cases.repository import Wanted
from hazards.points.cases.rules import State
from rescue_app import case_jobs
from rescue_app.api.cases_shapes import (
    CaseLine,
    CaseOut,
    CasesOut,
    StepIn,
    UndoIn,
    answered,
    moved,
)
from rescue_app.http.dependencies import Db, Now, Who

router = APIRouter(prefix="/api/v1/cases", tags=["points"])
States = Annotated[list[State], Query()]


@router.get("")
def list_cases(db: Db, _: Who, state: States = [], page: int = 1) -> CasesOut:  # noqa: B006 - FastAPI copies it
    """Give one page of cases, the last moved first."""
    found, total = repository.listing(db, Wanted(states=tuple(state), page=max(page, 1)))
    return CasesOut(total=total, items=[CaseLine.of(case) for case in found])


@router.get("/{case_id}")
def show_case(db: Db, actor: Who, case_id: UUID) -> CaseOut:
    """Give one case with its steps."""
    return CaseOut.told(db, repository.visible(db, case_id), actor)


@router.post("/{case_id}/steps")
def take_step(
    db: Db, actor: Who, now: Now, case_id: UUID, body: StepIn, response: Response
) -> CaseOut:
    """Take the next step; 409 with the case when it went back, 202 when a job takes it."""
    case = case_jobs.take(db, body.act, case_id=case_id, by=actor, now=now, said=body.said())
    return moved(response, db, actor, case, body.act)


@router.post("/{case_id}/undo", status_code=201)
def undo_case(
    db: Db, actor: Who, now: Now, case_id: UUID, body: UndoIn, response: Response
) -> CaseOut:
    """Apply for the states before this case; 202 with the case itself when a job drafts them."""
    case, is_new = case_jobs.undo(db, ask=Ask(body.id, actor, now), undone_id=case_id)
    return answered(response, db, actor, case, is_new=is_new, at_work=case.id == case_id)
