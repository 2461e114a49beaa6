"""Pages of incidents: what is happening, how it stands, and the orders given for it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, may
from rescue_app.dispatch import reading
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.incidents import joining, repository, service
from rescue_app.levels import repository as levels
from rescue_app.seen import service as seen
from rescue_app.web import flash
from rescue_app.web.incident_page import about, detail
from rescue_app.web.render import language, page, say

router = APIRouter(include_in_schema=False)
SECTION = "incidents"
Said = Annotated[str, Form(max_length=2_000)]


@router.get("/incidents", name="incidents")
def list_incidents(
    request: Request, db: Db, actor: Who, now: Now, *, drills: bool = False
) -> Response:
    """Show what is happening, and the orders on their way down; drills stand apart."""
    seq = request.app.state.hub.seq  # before the contents, so that nothing falls between
    rows = repository.latest(db, open_only=False, drills=drills)
    facts = about(db, rows, now, locale=language(request)) | around(db, actor, drills=drills)
    return page(request, "incidents/list.html", rows=rows, seq=seq, now=now, **facts)


def around(db: Session, actor: Actor, *, drills: bool) -> dict[str, Any]:
    """Gather what stands beside the list."""
    return {
        "drills": drills,
        "played": repository.ongoing(db, drills=True),
        "orders": reading.latest_orders(db, drills=drills),
        "section": SECTION,
        "waiting": sum(reading.unanswered(db, actor.area_path)),
        "may_open": may(actor, Act.OPEN_INCIDENT, actor.area_path),
        "levels": levels.in_force(db, actor.area_path),
        "seen": seen.waiting(db),
    }


@router.get("/incidents/{incident_id}", name="incident")
def show_incident(request: Request, db: Db, actor: Who, now: Now, incident_id: UUID) -> Response:
    """Show an incident, its reports, its orders and its log."""
    seq = request.app.state.hub.seq
    row = service.visible(db, incident_id)
    facts = detail(db, row, actor, now, locale=language(request))
    return page(request, "incidents/detail.html", seq=seq, now=now, section=SECTION, **facts)


@router.post("/incidents/{incident_id}/close")
def close_incident(
    request: Request, db: Db, actor: Who, now: Now, incident_id: UUID, note: Said = ""
) -> Response:
    """Close an incident; the way back is to open it again."""
    row = service.close(db, incident_id=incident_id, by=actor, now=now, note=note)
    text = "Closed. The final report is owed now." if row.report_kind else "The incident is closed."
    return back(request, incident_id, text, f"/incidents/{incident_id}/reopen")


@router.post("/incidents/{incident_id}/reopen")
def reopen_incident(
    request: Request, db: Db, actor: Who, now: Now, incident_id: UUID, note: Said = ""
) -> Response:
    """Let a closed incident go on."""
    service.reopen(db, incident_id=incident_id, by=actor, now=now, note=note)
    return back(request, incident_id, "It goes on.")


@router.post("/incidents/{incident_id}/merge")
def merge(  # noqa: D103 - the form's own words
    request: Request,
    db: Db,
    actor: Who,
    now: Now,
    incident_id: UUID,
    into: Annotated[UUID, Form()],
    note: Said = "",
) -> Response:
    joining.merge(db, incident_id=incident_id, into_id=into, by=actor, now=now, note=note)
    return back(request, into, "Joined. It is one incident now.", f"/incidents/{incident_id}/part")


@router.post("/incidents/{incident_id}/part")
def part(
    request: Request, db: Db, actor: Who, now: Now, incident_id: UUID, note: Said = ""
) -> Response:
    """Take a joined incident out again."""
    joining.part(db, incident_id=incident_id, by=actor, now=now, note=note)
    return back(request, incident_id, "It stands for itself again.")


def back(request: Request, incident_id: UUID, text: str, undo: str | None = None) -> Response:
    """Go to an incident's page and say there what was done."""
    return flash.say(
        RedirectResponse(f"/incidents/{incident_id}", 303), say(request, text), undo=undo
    )
