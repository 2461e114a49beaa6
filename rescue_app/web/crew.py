"""A crew's page on a phone: the order fills the screen, one thumb answers it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from gis.errors import Missing
from gis.store.base import new_id
from hazards.duty import repository as duty
from hazards.duty.models import Crew
from rescue_app.dispatch import changes_repository, reading, targets, telling
from rescue_app.dispatch.rules import ON_SITE_LINE, RANK, UNANSWERED, StepKind, next_on_site
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.loans import service
from rescue_app.web.orders import HopForm
from rescue_app.web.render import page

router = APIRouter()
# How long an order that ended stays on the crew's page.
NEWS = timedelta(hours=12)


@router.get("/crew", name="crew")
def show_crew(request: Request, db: Db, actor: Who, now: Now, hop: UUID | None = None) -> Response:
    """Show the order that waits most, or the one asked for."""
    facts: dict[str, Any] = {"seq": request.app.state.hub.seq, "now": now, "new_id": new_id}
    crews = duty.crews_of(db, actor.id)
    lines = reading.crew_inbox(db, [crew.id for crew in crews], ended_since=now - NEWS)
    shown = next((line for line in lines if hop in {None, line.hop.id}), None)
    if hop is not None and shown is None:
        raise Missing("There is no such order in your area.")
    facts |= {"crews": crews, "lines": lines, "shown": shown} | waiting(db, shown, crews)
    return page(request, "crew/page.html", line=ON_SITE_LINE, rank=RANK, **facts)


@router.post("/crew/{hop_id}")
def tell(db: Db, actor: Who, now: Now, hop_id: UUID, form: Annotated[HopForm, Form()]) -> Response:
    """Answer, or say how far the crew is."""
    telling.tell(db, hop_id=hop_id, step=form.step(), by=actor, now=now)
    return RedirectResponse(f"/crew?hop={hop_id}", 303)


def waiting(db: Session, shown: reading.InboxLine | None, crews: Sequence[Crew]) -> dict[str, Any]:
    """Give what the one big button says next, what waits for an answer, and for whom they work."""
    loans = service.working_for(db, crews)
    if shown is None:
        return {"following": None, "owes": (), "others": (), "declined": None, "loans": loans}
    state = StepKind(shown.hop.state)
    owed = changes_repository.owed(db, [shown.order.id])
    return {
        "loans": loans,
        "following": next_on_site(state),
        "owes": owed[shown.hop.id],
        "others": targets.beside(db, shown.hop) if state in (*UNANSWERED, StepKind.CANNOT) else (),
        "declined": reading.last_said(db, shown.order.id, StepKind.DECLINED).get(shown.hop.id),
    }
