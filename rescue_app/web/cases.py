"""Pages of cases: which wait for whom, and one case with what it would change and its steps."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from gis.errors import Rejected
from hazards.points import service as points
from hazards.points.cases import proposing, repository
from hazards.points.cases.models import HazardPointDraft, LedgerCase
from hazards.points.cases.proposing import Ask
from hazards.points.cases.rules import Kind, MovedOn, State, Step
from rescue_app import case_jobs
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import flash
from rescue_app.web.cases_page import StepForm, case_page
from rescue_app.web.cases_view import BoardQuery, board
from rescue_app.web.points import form_page, to_case
from rescue_app.web.points_form import PointForm, Removal, Sent, reworked
from rescue_app.web.render import page as html
from rescue_app.web.render import say

router = APIRouter(include_in_schema=False)
PageNumber = Annotated[int, Query(ge=1, le=100_000)]
SAID = {
    Step.APPLY: "Applied for. The ledger changes when the city has approved.",
    Step.SURVEY: "Surveyed. It is reviewed next, by somebody else than its author.",
    Step.REVIEW: "Reviewed. The city approves next.",
    Step.APPROVE: "Approved. The ledger says so now.",
    Step.SEND_BACK: "Sent back with the reason.",
    Step.WITHDRAW: "Withdrawn. The ledger stays as it is.",
}
INSTEAD: dict[tuple[Step, str], str] = {
    (Step.APPROVE, State.REVIEWED): (
        "A large case: the ledger is being changed. You may leave this page."
    ),
    (Step.APPROVE, State.RETURNED): (
        "Not approved: the ledger changed meanwhile. The case went back to its author."
    ),
}


@router.get("/cases", name="cases")
def show_board(
    request: Request, db: Db, who: Who, now: Now, asked: Annotated[BoardQuery, Query()]
) -> Response:
    """Show the cases: mine, what waits for me, all."""
    seq = request.app.state.hub.seq  # before the facts: what comes between is then told again
    facts = board(request, db, who, now, asked)
    return html(request, "cases/board.html", section="cases", seq=seq, **facts)


@router.get("/cases/{case_id}", name="case")
def show_case(
    request: Request, db: Db, who: Who, now: Now, case_id: UUID, page: PageNumber = 1
) -> Response:
    """Show a case: old against new, its steps, and what its reader can do."""
    return case_page(request, db, who, now, case_id, page)


@router.post("/cases/{case_id}/steps")
def take_step(
    request: Request, db: Db, who: Who, now: Now, case_id: UUID, sent: Annotated[StepForm, Form()]
) -> Response:
    """Take the next step."""
    try:
        with db.begin_nested():  # what was refused half-way leaves nothing behind
            case = case_jobs.take(db, sent.act, case_id=case_id, by=who, now=now, said=sent.said())
    except (MovedOn, Rejected) as why:
        return case_page(request, db, who, now, case_id, kept=sent, why=why)
    text = INSTEAD.get((sent.act, case.state), SAID[sent.act])
    return flash.say(RedirectResponse(f"/cases/{case_id}", 303), say(request, text))


@router.post("/cases/{case_id}/undo")
def undo_case(
    request: Request,
    db: Db,
    who: Who,
    now: Now,
    case_id: UUID,
    id: Annotated[UUID, Form()],  # noqa: A002 - the form's word
) -> Response:
    """Apply for the states before this case."""
    case, _ = case_jobs.undo(db, ask=Ask(id, who, now), undone_id=case_id)
    return to_case(request, case.id)


@router.get("/cases/{case_id}/edit", name="edit_case")
def edit_page(request: Request, db: Db, who: Who, case_id: UUID) -> Response:
    """Show the form on a case that came back."""
    if repository.visible(db, case_id).kind == Kind.BULK:
        return RedirectResponse(f"/cases/{case_id}/bulk", 303)
    case, draft = proposing.with_author(db, case_id, by=who)
    if case.kind == Kind.REMOVE:
        return removal_page(request, db, case, draft)
    form = PointForm.of_draft(db, case, draft)
    return form_page(request, db, form, to=f"/cases/{case_id}/edit")


@router.post("/cases/{case_id}/edit")
def rework(
    request: Request, db: Db, who: Who, now: Now, case_id: UUID, sent: Annotated[Sent, Form()]
) -> Response:
    """Say it better and apply again."""
    wrong = reworked(db, case_id, sent, by=who, now=now)
    if wrong is not None:
        return form_page(request, db, wrong, to=f"/cases/{case_id}/edit")
    return to_case(request, case_id)


@router.post("/cases/{case_id}/removal")
def rework_removal(
    request: Request, db: Db, who: Who, now: Now, case_id: UUID, sent: Annotated[Removal, Form()]
) -> Response:
    """Give another ground or report, and apply again."""
    proposing.rework_removal(db, ask=Ask(case_id, who, now), **sent.asked())
    return to_case(request, case_id)


def removal_page(
    request: Request, db: Session, case: LedgerCase, draft: HazardPointDraft
) -> Response:
    """Show the form of a removal that came back, on the point as it is now."""
    version = points.visible(db, draft.point_id).version
    return html(request, "cases/removal.html", section="cases", case=case, version=version)
