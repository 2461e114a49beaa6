"""Tasks over HTTP: a person's round, a beginning, an answer once or ten times."""

from datetime import datetime
from typing import Self
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict

from hazards.tasks import answering, repository
from hazards.tasks.answering import Answered
from hazards.tasks.rounds import Stop, stops
from rescue_app.api.visits import VisitIn
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.http.whereabouts import Here

router = APIRouter(prefix="/api/v1/tasks", tags=["tasks"])


class TaskOut(BaseModel):
    """One list at one point or asset; the times of due, begun, done and arrived are kept apart."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    subject_id: UUID
    template_code: str
    template_version: int
    period: str
    area_path: str
    mode: str
    role: str
    person: str
    from_at: datetime
    due_at: datetime
    state: str
    begun_at: datetime | None
    done_at: datetime | None
    arrived_at: datetime | None
    done_by: str | None
    worst_grade: int | None
    cancelled_why: str | None
    synthetic: bool


class StopOut(BaseModel):
    """One point or asset on a round."""

    kind: str
    subject_id: UUID
    name: str
    longitude: float
    latitude: float
    metres: float
    tasks: list[TaskOut]

    @classmethod
    def of(cls, stop: Stop) -> Self:
        """Show a stop."""
        return cls(
            kind=stop.subject.kind,
            subject_id=stop.subject.id,
            name=stop.subject.name,
            longitude=stop.subject.spot.x,
            latitude=stop.subject.spot.y,
            metres=stop.metres,
            tasks=[TaskOut.model_validate(task) for task in stop.tasks],
        )


class AnsweredOut(BaseModel):
    """What was kept; `late` says what had become of the task before the answer arrived."""

    id: UUID
    new: bool
    conflict: UUID | None
    late: str | None
    outcome: str
    worst_grade: int | None
    done_at: datetime
    received_at: datetime
    done: list[TaskOut]

    @classmethod
    def of(cls, kept: Answered) -> Self:
        """Show what an answer led to."""
        done = [TaskOut.model_validate(one) for one in kept.done]
        return cls.model_validate(
            vars_of(kept) | {"new": kept.new, "conflict": kept.conflict, "done": done}
        )


def vars_of(kept: Answered) -> dict[str, object]:
    """Give the answer's own words."""
    names = ("id", "late", "outcome", "worst_grade", "done_at", "received_at")
    return {name: getattr(kept.answer, name) for name in names}


@router.get("/mine")
def mine(db: Db, actor: Who, now: Now, here: Here) -> list[StopOut]:
    """Give what a person owes, in the order of the way from where he stands."""
    return [StopOut.of(one) for one in stops(db, actor, now, here)]


@router.get("/{task_id}")
def show(db: Db, _: Who, task_id: UUID) -> TaskOut:
    """Give one task."""
    return TaskOut.model_validate(repository.visible(db, task_id))


@router.post("/{task_id}/begin")
def begin(db: Db, actor: Who, now: Now, task_id: UUID) -> TaskOut:
    """Say that somebody is at it."""
    return TaskOut.model_validate(answering.begin(db, task_id=task_id, by=actor, now=now))


@router.post("/{task_id}/answers", status_code=201)
def answer(
    db: Db, actor: Who, now: Now, task_id: UUID, body: VisitIn, response: Response
) -> AnsweredOut:
    """Keep an answer; the same id again answers 200 with what was kept."""
    visit, promised = body.visit(actor), body.promised()
    kept = answering.answer(db, task_id=task_id, visit=visit, by=actor, now=now, promised=promised)
    response.status_code = 201 if kept.new else 200
    return AnsweredOut.of(kept)
