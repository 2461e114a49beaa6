"""Pages of the one tap: what is proposed for an incident, and what was issued together."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require
from gis.errors import Conflict, Missing, PlatformError, Rejected
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.incidents import repository as incidents
from rescue_app.levels import repository as levels
from rescue_app.plans.rules import LEVELS
from rescue_app.proposals import rules, service
from rescue_app.web import flash
from rescue_app.web import proposals_view as view
from rescue_app.web.points_view import areas_read
from rescue_app.web.proposals_form import IssueForm
from rescue_app.web.render import page, say

router = APIRouter(include_in_schema=False)
SECTION = "incidents"
Asked = Annotated[str, Query(max_length=80)]


@router.get("/incidents/{incident_id}/proposal", name="proposal")
def show_proposal(
    request: Request,
    db: Db,
    actor: Who,
    now: Now,
    incident_id: UUID,
    district: Asked = "",
    level: Asked = "",
) -> Response:
    """Show what the plan in force asks for, with units, crews and deadlines."""
    asked = IssueForm(district=district, level=level if level in LEVELS else "")
    return show(request, db, actor, now, incident_id, asked)


@router.post("/incidents/{incident_id}/proposal")
def issue(
    request: Request,
    db: Db,
    actor: Who,
    now: Now,
    incident_id: UUID,
    form: Annotated[IssueForm, Form()],
) -> Response:
    """Issue what is ticked, after a held button or a second look; or add an action to the form."""
    if form.added() or not form.confirmed:
        return asking(request, db, actor, now, incident_id, form)
    try:
        with db.begin_nested():
            done = service.issue(db, draft=form.draft(incident_id), by=actor, now=now)
    except (Conflict, Missing, Rejected) as problem:
        return show(request, db, actor, now, incident_id, form, sent=True, problem=problem)
    return told(request, done)


@router.get("/issues/{batch_id}", name="issue")
def show_issue(
    request: Request, db: Db, _: Who, now: Now, batch_id: UUID, *, late: bool = False
) -> Response:
    """Show what went out together, and how far each order is."""
    seq = request.app.state.hub.seq
    facts = issue_facts(request, db, batch_id, now) | {"seq": seq, "now": now, "late": late}
    return page(request, "proposals/issue.html", section=SECTION, **facts)


def asking(
    request: Request, db: Session, actor: Actor, now: datetime, incident_id: UUID, form: IssueForm
) -> Response:
    """Show the form once more: with an action added, or asking whether it is to go out."""
    problem: PlatformError | None = None
    ask = not form.added()
    if ask:
        try:
            rules.checked(form.draft(incident_id))
        except Rejected as trouble:
            problem, ask = trouble, False
    return show(request, db, actor, now, incident_id, form, sent=True, problem=problem, ask=ask)


def show(
    request: Request,
    db: Session,
    actor: Actor,
    now: datetime,
    incident_id: UUID,
    form: IssueForm,
    *,
    sent: bool = False,
    problem: PlatformError | None = None,
    ask: bool = False,
) -> Response:
    """Show the proposal, with what was typed and what is not right."""
    require(actor, Act.ISSUE_ORDER, actor.area_path)
    facts = view.facts(request, db, actor, now, incident_id, form=form, sent=sent, problem=problem)
    status = 422 if problem else 200
    more = {"ask": ask, "now": now, "section": SECTION}
    return page(request, "proposals/page.html", status=status, **facts, **more)


def told(request: Request, done: service.Issued) -> Response:
    """Go to what stands issued now; who came second reads there who was first."""
    way = f"/issues/{done.batch.id}"
    if not done.mine:
        return RedirectResponse(f"{way}?late=true", 303)
    text = "Issued. Nothing is down before a named person on site has answered."
    return flash.say(RedirectResponse(way, 303), say(request, text))


def issue_facts(request: Request, db: Session, batch_id: UUID, now: datetime) -> dict[str, Any]:
    """Gather what went out together."""
    batch = service.visible(db, batch_id)
    ((_, lines),) = view.issued(db, [batch])
    return {
        "batch": batch,
        "lines": lines,
        "incident": incidents.visible(db, batch.incident_id),
        "names": areas_read(request, db, {batch.district_path}, now),
        "kinds": {kind.code: kind for kind in levels.types(db)},
    }
