"""Lessons: written down at a review, ticked off by whoever owns them."""

from datetime import date, datetime, time
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, BeforeValidator, Field
from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.errors import Conflict, Missing, Rejected
from gis.store.base import new_id
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.review import lessons, repository
from rescue_app.review.lessons import LessonDraft
from rescue_app.review.models import Lesson
from rescue_app.review.timeline import Wanted
from rescue_app.web import flash
from rescue_app.web import review_view as view
from rescue_app.web.render import LOCAL_ZONE, page, say

router = APIRouter(include_in_schema=False)
CLOSE_OF_DAY = time(18)
PAGE_ROWS = 30
Standing = Literal["", "late", "owed", "done"]
Night = Annotated[UUID | None, BeforeValidator(lambda said: said or None)]


class LessonForm(BaseModel):
    """The form's fields; its number is made with it, so a second press is the same lesson."""

    id: UUID = Field(default_factory=new_id)
    words: str = Field(default="", max_length=2_000)
    owner: str = ""
    due_on: str = ""

    def draft(self) -> LessonDraft:
        """Give it as the service takes it; a lesson is due at the close of its day."""
        try:
            owner, day = UUID(self.owner), date.fromisoformat(self.due_on)
        except ValueError:
            raise Rejected("Choose whose it is and the day by which it is done.") from None
        due_at = datetime.combine(day, CLOSE_OF_DAY, LOCAL_ZONE)
        return LessonDraft(self.id, self.words.strip(), owner, due_at)


@router.get("/lessons", name="lessons")
def show_lessons(  # noqa: D103 - the page's own name
    request: Request,
    db: Db,
    actor: Who,
    now: Now,
    of: Standing = "",
    night: Night = None,
    number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1,
) -> Response:
    asked = repository.Asked([night] if night else None, of)
    facts = listed(db, actor, now, asked, number) | {"seq": request.app.state.hub.seq}
    return page(request, "review/lessons.html", section=view.SECTION, night=night, **facts)


def listed(
    db: Session, actor: Actor, now: datetime, asked: repository.Asked, number: int
) -> view.Facts:
    """Gather one page of what was learnt and is still to be done, here and for one's own centre."""
    counts = repository.lesson_counts(db, asked, now=now)
    pages = max(1, -(-counts[asked.standing or "all"] // PAGE_ROWS))
    number = min(number, pages)
    start = (number - 1) * PAGE_ROWS
    rows = repository.lessons(db, asked, now=now, offset=start, limit=PAGE_ROWS)
    tickable = {one.id for one in rows if lessons.may_tick(actor, one)}
    nights = {one.id: one for one in repository.incidents(db, {row.incident_id for row in rows})}
    facts: view.Facts = {"rows": rows, "tickable": tickable, "counts": counts, "asked": asked}
    facts["nights"] = nights
    return facts | {"now": now, "number": number, "pages": pages, "owed": repository.owed(db)}


@router.post("/incidents/{incident_id}/lessons")
def add_lesson(
    request: Request,
    db: Db,
    actor: Who,
    now: Now,
    incident_id: UUID,
    form: Annotated[LessonForm, Form()],
) -> Response:
    """Write a lesson down and call whose it is."""
    try:
        lessons.add(db, incident_id=incident_id, draft=form.draft(), by=actor, now=now)
    except (Conflict, Missing, Rejected) as problem:
        return again(request, db, actor, now, incident_id, form, problem)
    text = say(request, "Written down. Its owner is called now, and again when it is late.")
    return flash.say(RedirectResponse(f"/incidents/{incident_id}/review#lessons", 303), text)


def again(  # noqa: D103 - the form, with what is not right with it
    request: Request,
    db: Db,
    actor: Actor,
    now: datetime,
    incident_id: UUID,
    form: LessonForm,
    problem: Conflict | Missing | Rejected,
) -> Response:
    facts = view.facts(
        request, db, actor, now, incident_id, wanted=Wanted(), form=form.model_dump(),
        problem=problem,
    )  # fmt: skip
    return page(request, "review/page.html", status=422, **facts)


@router.post("/lessons/{lesson_id}/done")
def tick(
    request: Request,
    db: Db,
    actor: Who,
    now: Now,
    lesson_id: UUID,
    how: Annotated[str, Form(max_length=2_000)] = "",
) -> Response:
    """Say that a lesson is acted on, and how."""
    lesson = lessons.done(db, lesson_id=lesson_id, how=how, by=actor, now=now)
    text = say(request, "Done. It is not rung about any more.")
    return back(lesson, text, undo=f"/lessons/{lesson_id}/again")


@router.post("/lessons/{lesson_id}/again")
def untick(request: Request, db: Db, actor: Who, now: Now, lesson_id: UUID) -> Response:
    """Take the tick back."""
    lesson = lessons.again(db, lesson_id=lesson_id, by=actor, now=now)
    return back(lesson, say(request, "It is owed again."))


def back(lesson: Lesson, text: str, undo: str | None = None) -> Response:
    """Go to the list of lessons, where the lesson stands."""
    return flash.say(RedirectResponse(f"/lessons#lesson-{lesson.id}", 303), text, undo=undo)
