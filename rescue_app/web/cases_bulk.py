"""Many points that came back: some left out or taken in again, other values, applied for again."""

from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from hazards.points.cases import amending, bulk
from hazards.points.cases.models import LedgerCase
from hazards.points.cases.proposing import Ask
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import flash
from rescue_app.web.points import to_case
from rescue_app.web.points_bulk import Typed, looked, shown, title_of
from rescue_app.web.points_bulk_form import Sent
from rescue_app.web.points_form import shown as typed
from rescue_app.web.render import say

router = APIRouter(prefix="/cases/{case_id}", include_in_schema=False)


@router.get("/bulk", name="bulk_case")
def show_form(request: Request, db: Db, who: Who, case_id: UUID) -> Response:
    """Show the fields with the values that the case gives them."""
    case = amending.of_author(db, case_id, by=who)
    return shown(request, db, of_case(case), count=len(amending.points(db, case)), case=case)


@router.post("/bulk/preview")
def preview(request: Request, db: Db, who: Who, case_id: UUID, sent: Typed) -> Response:
    """Show what the case would change now; nothing is written."""
    case = amending.of_author(db, case_id, by=who)
    rows = amending.points(db, case)
    view, told = looked(request, db, rows, sent)
    return shown(request, db, sent, count=len(rows), view=view, case=case, **told)


@router.post("/bulk")
def again(request: Request, db: Db, who: Who, now: Now, case_id: UUID, sent: Typed) -> Response:
    """Apply again for what was looked at."""
    changes, naming = sent.checked(), partial(title_of, request)
    view = bulk.outlook(db, amending.points(db, amending.of_author(db, case_id, by=who)), changes)
    ask = Ask(case_id, who, now, sent.reason)
    amending.again(db, ask=ask, view=view, seen=sent.seen, changes=changes, naming=naming)
    return to_case(request, case_id)


@router.post("/points/{point_id}/leave-out")
def leave_out(request: Request, db: Db, who: Who, case_id: UUID, point_id: UUID) -> Response:
    """Take a point out of the case; it can be taken in again."""
    amending.leave_out(db, **which(request, case_id, point_id), by=who)
    back = RedirectResponse(f"/cases/{case_id}#drafts", 303)
    undo = f"/cases/{case_id}/points/{point_id}/take-in"
    return flash.say(back, say(request, "Left out. The ledger keeps what it says."), undo=undo)


@router.post("/leave-out-old")
def leave_out_old(request: Request, db: Db, who: Who, case_id: UUID) -> Response:
    """Take out all points under which the ledger has moved on."""
    naming = partial(title_of, request)
    count = amending.leave_out_old(db, case_id=case_id, naming=naming, by=who)
    back = RedirectResponse(f"/cases/{case_id}#drafts", 303)
    return flash.say(back, say(request, "{count} points are left out.", count=f"{count:,}"))


@router.post("/points/{point_id}/take-in")
def take_in(request: Request, db: Db, who: Who, case_id: UUID, point_id: UUID) -> Response:
    """Bring a point back into the case."""
    amending.take_in(db, **which(request, case_id, point_id), by=who)
    back = RedirectResponse(f"/cases/{case_id}#drafts", 303)
    return flash.say(back, say(request, "It is among the case's points again."))


def which(request: Request, case_id: UUID, point_id: UUID) -> dict[str, Any]:
    """Say which point of which case, and how the case is named afterwards."""
    return {"case_id": case_id, "point_id": point_id, "naming": partial(title_of, request)}


def of_case(case: LedgerCase) -> Sent:
    """Open the form on what a case says."""
    changes = case.changes or {}
    said = {name: typed(value) for name, value in changes.items()}
    return Sent(id=case.id, reason=case.reason, set=list(changes), **said)
