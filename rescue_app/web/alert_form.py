"""The form of a warning: colour, hazard, where, until when; for an update what has changed."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from gis.areas import framing
from gis.areas.placing import day_of
from gis.authority import Act, Actor, require
from gis.errors import PlatformError, Rejected
from hazards.alerts import repository, service
from hazards.points import types
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web.alert_filling import AlertForm, entered, grouped
from rescue_app.web.render import page, say

router = APIRouter(include_in_schema=False)
SECTION = "alerts"
USUAL = timedelta(hours=12)


@router.get("/alerts/new", name="new_alert")
def new_alert(
    request: Request, db: Db, actor: Who, now: Now, form: Annotated[AlertForm, Query()]
) -> Response:
    """Show an empty form, or one with what a link says."""
    form.expires = form.expires or entered(now + USUAL)
    return show(request, db, actor, now, form)


@router.get("/alerts/{alert_id}/update", name="update_alert")
def update_alert(
    request: Request, db: Db, actor: Who, now: Now, alert_id: UUID, *, anew: bool = False
) -> Response:
    """Show the form filled as a warning is, for the one that takes its place."""
    form = AlertForm.like(service.visible(db, alert_id), follows=not anew)
    form.expires = form.expires or entered(now + USUAL)
    return show(request, db, actor, now, form)


@router.post("/alerts/new")
def propose(
    request: Request, db: Db, actor: Who, now: Now, form: Annotated[AlertForm, Form()]
) -> Response:
    """Propose the warning and go to its page, where somebody else approves it."""
    try:
        alert = service.propose(db, draft=form.draft(), by=actor, now=now)
    except Rejected as problem:
        return show(request, db, actor, now, form, problem)
    return RedirectResponse(f"/alerts/{alert.id}", 303)


def show(
    request: Request,
    db: Session,
    actor: Actor,
    now: datetime,
    form: AlertForm,
    problem: PlatformError | None = None,
) -> Response:
    """Show the form, with what was entered and what is not right."""
    require(actor, Act.PROPOSE_ALERT, actor.area_path)
    facts = {
        "form": form,
        "before": service.visible(db, form.follows) if form.follows else None,
        "colours": repository.colours(db),
        "types": [kind for kind in types.all_types(db) if kind.active],
        "groups": grouped(repository.streets(db, actor.area_path, day=day_of(now))),
        "bounds": framing.extent(db, actor.area_path),
        "problem": say(request, problem.text, **problem.values) if problem else None,
        "section": SECTION,
    }
    return page(request, "alerts/new.html", status=422 if problem else 200, **facts)
