"""A crew's page on a phone: the order fills the screen, one thumb answers it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from gis.store.base import new_id
from rescue_app.dispatch import telling
from rescue_app.dispatch.rules import RANK
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import crew_view
from rescue_app.web.crew_hush import hush
from rescue_app.web.crew_waits import waits
from rescue_app.web.orders import HopForm
from rescue_app.web.points_view import type_names
from rescue_app.web.render import page

router = APIRouter()


@router.get("/crew", name="crew")
def show_crew(
    request: Request,
    db: Db,
    actor: Who,
    now: Now,
    hop: UUID | None = None,
    part: UUID | None = None,
) -> Response:
    """Show the order or the part that waits most, or the one asked for."""
    facts: dict[str, Any] = {"seq": request.app.state.hub.seq, "now": now, "new_id": new_id}
    facts["types"] = type_names(request, db)
    facts |= crew_view.facts(db, actor, now=now, hop=hop, part=part)
    facts["waits"] = waits(facts)
    facts |= hush(db, actor, facts["shown"], facts["owes"], facts["waits"])
    return page(request, "crew/page.html", rank=RANK, **facts)


@router.post("/crew/{hop_id}")
def tell(db: Db, actor: Who, now: Now, hop_id: UUID, form: Annotated[HopForm, Form()]) -> Response:
    """Answer, or say how far the crew is."""
    telling.tell(db, hop_id=hop_id, step=form.step(), by=actor, now=now)
    return RedirectResponse(f"/crew?hop={hop_id}", 303)
