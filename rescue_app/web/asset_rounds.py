"""A list of a round that is owed at an asset: answered as a visit, here as where a code leads."""

from datetime import datetime
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from shapely import Point
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from gis.authority import Actor
from gis.errors import Conflict, Rejected
from hazards.checklists import repository as checklists
from hazards.tasks.models import Task
from hazards.tasks.rounds import Stop, stops
from qr_codes.assets import repository as assets
from rescue_app.web import unscanned_form, visit_done
from rescue_app.web.render import say
from rescue_app.web.scan import told
from rescue_app.web.scan_facts import Entered
from rescue_app.web.scan_form import entered_of
from rescue_app.web.scan_photos import submitted


def show(
    request: Request,
    db: Session,
    task: Task,
    *,
    entered: Entered | None = None,
    status: int = 200,
) -> Response:
    """Show the list of a task as the form of a visit."""
    asset = assets.visible(db, task.subject_id)
    code, version = task.template_code, task.template_version
    checklist = checklists.of_version(db, code, version, area_path=asset.area_path)
    scan = unscanned_form.Unscanned.of(asset, f"/tasks/{task.id}", checklist, entered, task=task)
    return unscanned_form.show(request, scan, status=status)


def answer(
    request: Request, db: Session, actor: Actor, task: Task, form: FormData, *, now: datetime
) -> Response:
    """Keep the visit that a form without a script tells of."""
    try:
        kept = submitted(db, task.subject_id, form, by=actor, now=now)
    except (Rejected, Conflict) as trouble:
        entered = entered_of(form, problem=say(request, trouble.text, **trouble.values))
        status = 409 if isinstance(trouble, Conflict) else 422
        return show(request, db, task, entered=entered, status=status)
    return told(kept.conflict, f"/tasks/{task.id}/done/{kept.inspection.id}")


def done(
    request: Request, db: Session, actor: Actor, task: Task, visit_id: UUID, *, now: datetime
) -> Response:
    """Say that the visit was kept, and which place comes next."""
    spot = assets.visible(db, task.subject_id).place.representative_point()
    following = next_stop(db, actor, spot, now=now)
    return visit_done.unscanned(
        request, db, task.subject_id, visit_id, now=now, next_stop=following
    )


def next_stop(db: Session, actor: Actor, here: Point, *, now: datetime) -> Stop | None:
    """Give the place of the round that comes next from here."""
    return next(iter(stops(db, actor, now, here)), None)
