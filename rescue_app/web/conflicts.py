"""Pages of conflicts: what waits for a ruling, and two versions side by side."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from gis.errors import Conflict, Forbidden, Rejected
from hazards.conflicts import repository
from hazards.conflicts.repository import PAGE_ROWS, Wanted
from hazards.conflicts.rules import Choice
from hazards.conflicts.service import Ruling
from rescue_app import ruling
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import conflicts_view as view
from rescue_app.web.render import page, say

router = APIRouter(prefix="/conflicts", include_in_schema=False)


@router.get("", name="conflicts")
def list_page(
    request: Request,
    db: Db,
    _: Who,
    *,
    ruled: bool = False,
    number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1,
) -> Response:
    """Show what waits for a ruling, or what was ruled."""
    rows, total = repository.listing(db, Wanted(ruled, number))
    facts: dict[str, Any] = {"rows": rows, "total": total, "ruled": ruled, "page": number}
    facts |= {"pages": -(-total // PAGE_ROWS), "seq": request.app.state.hub.seq}
    return page(request, "conflicts/list.html", section="findings", **facts)


@router.get("/{conflict_id}", name="conflict")
def show(request: Request, db: Db, who: Who, conflict_id: UUID) -> Response:
    """Show both versions with their differences, and what was ruled."""
    facts = view.facts(db, repository.visible(db, conflict_id), by=who)
    return page(request, "conflicts/one.html", section="findings", problem="", reason="", **facts)


@router.post("/{conflict_id}")
def rule(  # noqa: D103 - the form's own words
    request: Request, db: Db, who: Who, now: Now, conflict_id: UUID,
    ruling_id: Annotated[UUID, Form(alias="id")], choice: Annotated[Choice, Form()],
    reason: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    try:
        said = Ruling(ruling_id, choice, reason)
        ruling.rule(db, conflict_id=conflict_id, ruling=said, by=who, now=now)
    except (Rejected, Conflict, Forbidden) as trouble:
        facts = view.facts(db, repository.visible(db, conflict_id), by=who)
        facts |= {"problem": say(request, trouble.text, **trouble.values), "reason": reason}
        return page(request, "conflicts/one.html", status=422, section="findings", **facts)
    return RedirectResponse(f"/conflicts/{conflict_id}", 303)
