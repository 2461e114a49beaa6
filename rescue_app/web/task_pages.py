"""The pages of a list on the phone, of a point's and of an asset's: shown, answered, kept."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from gis.authority import Act, Actor, may
from gis.errors import Conflict, Rejected
from gis.store.base import new_id
from hazards.checklists import repository as checklists
from hazards.tasks import alarm, repository
from hazards.tasks.rules import OWED
from rescue_app.web import asset_rounds
from rescue_app.web.point_lists import list_names
from rescue_app.web.render import page, say
from rescue_app.web.scan import told
from rescue_app.web.scan_facts import Entered
from rescue_app.web.scan_form import entered_of
from rescue_app.web.scan_photos import answered, photos_shown


def task_page(
    request: Request,
    session: Session,
    actor: Actor,
    now: datetime,
    task_id: UUID,
    *,
    entered: Entered | None = None,
    status: int = 200,
) -> Response:
    """Show a task with what is known of its point; what is owed at an asset as its visit."""
    task = repository.visible(session, task_id)
    subject = repository.subject_of(session, task)
    may_answer = may(actor, Act.INSPECT, task.area_path)
    if subject.is_asset and may_answer and task.state in OWED:
        return asset_rounds.show(request, session, task)
    facts: dict[str, Any] = {"task": task, "now": now, "point": subject}
    facts["checklist"] = checklists.of_version(
        session, task.template_code, task.template_version, area_path=task.area_path
    )
    facts["bad"] = repository.bad_of_point(session, task.subject_id)[:3]
    facts |= {"may_answer": may_answer, "visit_id": new_id()}
    facts["called"] = alarm.ringing(session, task)
    return page(request, "tasks/task.html", status=status, entered=entered or Entered(), **facts)


def answer_page(
    request: Request, db: Session, actor: Actor, now: datetime, task_id: UUID, form: FormData
) -> Response:
    """Keep what a form says, or show it again with the reason."""
    task = repository.visible(db, task_id)
    if repository.subject_of(db, task).is_asset:
        return asset_rounds.answer(request, db, actor, task, form, now=now)
    try:
        kept = answered(db, task_id, form, by=actor, now=now)
    except (Rejected, Conflict) as trouble:
        status = 409 if isinstance(trouble, Conflict) else 422
        entered = entered_of(form, problem=say(request, trouble.text, **trouble.values))
        return task_page(request, db, actor, now, task_id, entered=entered, status=status)
    return told(kept.conflict, f"/tasks/{task_id}/done/{kept.answer.id}")


def done_page(
    request: Request, db: Session, actor: Actor, now: datetime, task_id: UUID, answer_id: UUID
) -> Response:
    """Say that an answer was kept, what it did, and which place comes next."""
    task = repository.visible(db, task_id)
    subject = repository.subject_of(db, task)
    if subject.is_asset:
        return asset_rounds.done(request, db, actor, task, answer_id, now=now)
    kept, done = repository.answer(db, answer_id), repository.filled_by(db, answer_id)
    facts: dict[str, Any] = {"task": task, "kept": kept, "done": done, "point": subject}
    facts |= {"names": list_names(db, [task, *done])} | photos_shown(db, kept)
    facts["next_stop"] = asset_rounds.next_stop(db, actor, subject.spot, now=now)
    return page(request, "tasks/done.html", **facts)
