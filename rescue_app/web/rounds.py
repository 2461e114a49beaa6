"""A list of a round on the phone: to be answered, answered, and which comes next."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, may
from gis.errors import Conflict, PlatformError, Rejected
from gis.store.base import new_id
from hazards.checklists import repository as checklists
from hazards.tasks import repository
from hazards.tasks.models import Task
from hazards.tasks.rounds import stops
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web.render import page, say
from rescue_app.web.scan import Form, told
from rescue_app.web.scan_facts import Entered
from rescue_app.web.scan_form import entered_of
from rescue_app.web.scan_photos import answered, photos_shown

router = APIRouter(include_in_schema=False)


@router.get("/outbox", name="outbox")
def show_outbox(request: Request, _: Who) -> Response:
    """Show what waits on this phone; the phone itself fills it in."""
    return page(request, "tasks/outbox_page.html")


@router.get("/tasks/{task_id}", name="task")
def show_task(request: Request, db: Db, actor: Who, now: Now, task_id: UUID) -> Response:
    """Show a list to be answered, or what became of it."""
    return task_page(request, db, actor, now, task_id)


@router.post("/tasks/{task_id}")
def answer(  # noqa: D103 - the form's own words
    request: Request, db: Db, actor: Who, now: Now, task_id: UUID, form: Form
) -> Response:
    try:
        kept = answered(db, task_id, form, by=actor, now=now)
    except (Rejected, Conflict) as trouble:
        status = 409 if isinstance(trouble, Conflict) else 422
        entered = entered_of(form, problem=said(request, trouble))
        return task_page(request, db, actor, now, task_id, entered=entered, status=status)
    return told(kept.conflict, f"/tasks/{task_id}/done/{kept.answer.id}")


@router.get("/tasks/{task_id}/done/{answer_id}", name="task_done")
def show_done(
    request: Request, db: Db, actor: Who, now: Now, task_id: UUID, answer_id: UUID
) -> Response:
    """Say that an answer was kept, what it did, and which list comes next."""
    task, kept = repository.visible(db, task_id), repository.answer(db, answer_id)
    done = repository.filled_by(db, answer_id)
    facts: dict[str, Any] = {"task": task, "kept": kept, "done": done}
    facts |= {"point": repository.point_of(db, task), "names": list_names(db, [task, *done])}
    facts |= photos_shown(db, kept)
    left = stops(db, actor, now, repository.point_of(db, task).place)
    return page(request, "tasks/done.html", next_stop=left[0] if left else None, **facts)


def said(request: Request, trouble: PlatformError) -> str:
    """Say an error in the reader's language."""
    return say(request, trouble.text, **trouble.values)


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
    """Show a task with what is known of its point."""
    task = repository.visible(session, task_id)
    facts: dict[str, Any] = {"task": task, "now": now, "point": repository.point_of(session, task)}
    facts["checklist"] = checklists.of_version(
        session, task.template_code, task.template_version, area_path=task.area_path
    )
    facts["bad"] = repository.bad_of_point(session, task.point_id)[:3]
    facts |= {"may_answer": may(actor, Act.INSPECT, task.area_path), "visit_id": new_id()}
    return page(request, "tasks/task.html", status=status, entered=entered or Entered(), **facts)


def list_names(session: Session, tasks: Sequence[Task]) -> dict[tuple[str, int], Any]:
    """Give the lists of tasks by code and version, for their names."""
    keys = {(task.template_code, task.template_version) for task in tasks}
    area_path = tasks[0].area_path if tasks else "/"
    return {**checklists.of_versions(session, keys, area_path=area_path)} if keys else {}
