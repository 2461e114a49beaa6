"""Desk pages of findings: what is open in the street, and the next step of each."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response

from qr_codes.findings import repository, service
from qr_codes.findings.repository import PAGE_ROWS, Wanted
from qr_codes.findings.rules import State
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import finding_view
from rescue_app.web.finding_form import deed_of
from rescue_app.web.render import page
from rescue_app.web.scan import Form

router = APIRouter(include_in_schema=False)


def asked_for(  # noqa: D103 - the words of the list's address
    state: State | None = None,
    grade: Annotated[int | None, Query(ge=1, le=4)] = None,
    q: str = "",
    page_number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1,
) -> Wanted:
    return Wanted(state=state or "", grade=grade, q=q.strip(), page=page_number)


Asked = Annotated[Wanted, Depends(asked_for)]


@router.get("/findings", name="findings")
def list_findings(request: Request, db: Db, _: Who, asked: Asked) -> Response:
    """List findings, worst first; open ones unless a state is asked for."""
    rows, total = repository.listing(db, asked)
    pages = -(-total // PAGE_ROWS)
    facts: dict[str, Any] = {"rows": rows, "total": total, "pages": pages, "asked": asked}
    facts |= {"counts": repository.counts(db), "states": list(State)}
    facts |= {"routing": repository.routing(db)}
    return page(request, "findings/list.html", section="findings", **facts)


@router.get("/findings/{finding_id}", name="finding")
def show_finding(request: Request, db: Db, actor: Who, now: Now, finding_id: UUID) -> Response:
    """Show a finding with its hops, and what can be done next."""
    found = repository.visible(db, finding_id)
    facts = finding_view.facts(db, found, by=actor)
    return page(request, "findings/detail.html", section="findings", now=now, **facts)


@router.post("/findings/{finding_id}/steps")
def move(db: Db, actor: Who, now: Now, finding_id: UUID, form: Form) -> Response:
    """Take the step that the form says, with its words and photos."""
    deed = deed_of(db, form, by=actor)
    service.take(db, finding_id=finding_id, deed=deed, by=actor, now=now)
    return RedirectResponse(f"/findings/{finding_id}", 303)
