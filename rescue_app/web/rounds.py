"""A list of a round on the phone: to be answered, answered, and which comes next."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import task_pages
from rescue_app.web.render import page
from rescue_app.web.scan import Form

router = APIRouter(include_in_schema=False)


@router.get("/outbox", name="outbox")
def show_outbox(request: Request, _: Who) -> Response:
    """Show what waits on this phone; the phone itself fills it in."""
    return page(request, "tasks/outbox_page.html")


@router.get("/tasks/{task_id}", name="task")
def show_task(request: Request, db: Db, actor: Who, now: Now, task_id: UUID) -> Response:
    """Show a list to be answered, or what became of it."""
    return task_pages.task_page(request, db, actor, now, task_id)


@router.post("/tasks/{task_id}")
def answer(  # noqa: D103 - the form's own words
    request: Request, db: Db, actor: Who, now: Now, task_id: UUID, form: Form
) -> Response:
    return task_pages.answer_page(request, db, actor, now, task_id, form)


@router.get("/tasks/{task_id}/done/{answer_id}", name="task_done")
def show_done(
    request: Request, db: Db, actor: Who, now: Now, task_id: UUID, answer_id: UUID
) -> Response:
    """Say that an answer was kept, what it did, and which list comes next."""
    return task_pages.done_page(request, db, actor, now, task_id, answer_id)
