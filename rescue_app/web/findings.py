"""Desk pages of findings: what is open in the street, and the next step of each."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from gis.authority import Act, may
from gis.store.base import new_id
from qr_codes.findings import repository, rules, service
from qr_codes.findings.repository import PAGE_ROWS, Wanted
from qr_codes.findings.rules import State, Step
from qr_codes.findings.service import Seen
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web.render import page

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
    return page(request, "findings/list.html", section="findings", **facts)


@router.get("/findings/{finding_id}", name="finding")
def show_finding(request: Request, db: Db, actor: Who, finding_id: UUID) -> Response:
    """Show a finding with its steps, and what can be done next."""
    found = repository.visible(db, finding_id)
    handles = may(actor, Act.HANDLE_FINDING, found.area_path)
    steps = repository.steps(db, found.id)
    nexts = rules.next_steps(State(found.state)) if handles else []
    facts: dict[str, Any] = {"finding": found, "steps": steps, "nexts": nexts, "step_id": new_id()}
    return page(request, "findings/detail.html", section="findings", states=list(State), **facts)


@router.post("/findings/{finding_id}/steps")
def move(  # noqa: D103 - the form's own words
    db: Db,
    actor: Who,
    now: Now,
    finding_id: UUID,
    id: Annotated[UUID, Form()],  # noqa: A002 - the form's word
    act: Annotated[Step, Form()],
    note: Annotated[str, Form(max_length=100_000)] = "",
) -> Response:
    seen = Seen(by=actor, done_at=now, received_at=now, inspection_id=None)
    service.move(db, finding_id=finding_id, step_id=id, step=act, note=note, seen=seen)
    return RedirectResponse(f"/findings/{finding_id}", 303)
