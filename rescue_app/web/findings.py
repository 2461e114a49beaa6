"""Desk pages of findings: what is open in the street, and the next step of each."""

from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response

from gis.authority import Actor
from gis.store.base import new_id
from hazards.conflicts import repository as conflicts
from hazards.photos.service import KIND
from qr_codes.findings import board, repository, rights, service
from qr_codes.findings.repository import PAGE_ROWS, Shown, Wanted
from qr_codes.findings.rules import State, Step
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import finding_view
from rescue_app.web.finding_form import deed_of
from rescue_app.web.render import page
from rescue_app.web.scan import Form
from rescue_app.web.scan_form import text

router = APIRouter(include_in_schema=False)
USUAL = {
    State.DISCOVERED: (Step.ACCEPT, State.ACCEPTED),
    State.ACCEPTED: (Step.BEGIN, State.IN_HAND),
    State.IN_HAND: (Step.FINISH, State.FINISHED),
}
"""What a card takes with one act, and where that leads; the rest needs words or the site."""


def asked_for(  # noqa: D103 - the words of the address
    actor: Who,
    now: Now,
    state: State | None = None,
    grade: Annotated[int | None, Query(ge=1, le=4)] = None,
    q: str = "",
    show: Shown | None = None,
    page_number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1,
) -> Wanted:
    return Wanted(
        state=state or "", grade=grade, q=q.strip(), page=page_number, shown=show or "",
        mine=actor.area_path, now=now,
    )  # fmt: skip


Asked = Annotated[Wanted, Depends(asked_for)]


class View(StrEnum):
    """How the findings are laid out."""

    BOARD = "board"
    LIST = "list"


@router.get("/findings", name="findings")
def list_findings(
    request: Request, db: Db, actor: Who, asked: Asked, view: View | None = None
) -> Response:
    """Show the board; a list when a state is asked for, or the list itself."""
    listed = view is View.LIST or (view is None and asked.state)
    facts = listing(db, asked) if listed else on_board(db, asked, by=actor)
    facts |= {"asked": asked, "figures": board.figures(db, asked), "states": list(State)}
    facts |= {"conflicts": conflicts.count_open(db)}
    facts |= {"routing": repository.routing(db), "seq": request.app.state.hub.seq}
    name = "list" if listed else "board"
    return page(request, f"findings/{name}.html", section="findings", **facts)


def listing(db: Db, asked: Wanted) -> dict[str, Any]:
    """Give one page of the list."""
    rows, total = repository.listing(db, asked)
    pages = -(-total // PAGE_ROWS)
    return {"rows": rows, "total": total, "pages": pages, "counts": repository.counts(db)}


def on_board(db: Db, asked: Wanted, *, by: Actor) -> dict[str, Any]:
    """Give the columns with their photos; a card of whoever handles it has its next step."""
    columns = board.columns(db, asked)
    cards = [card for column in columns.values() for card in column.cards]
    return {
        "columns": columns,
        "photos": board.photos(db, [card.id for card in cards], of_visits=KIND),
        "handles": {card.id for card in cards if rights.may_handle(by, card.area_path)},
        "usual": USUAL,
        "new_id": new_id,
    }


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
    back = text(form, "back")
    kept = back if back.startswith("/findings?") else f"/findings/{finding_id}"
    return RedirectResponse(kept, 303)
