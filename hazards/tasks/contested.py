"""Answers that contradict: another content under one number, somebody else's before."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.store import notify
from hazards.checklists.visits import Visit
from hazards.conflicts import rules
from hazards.conflicts import service as conflicts
from hazards.conflicts.models import VersionConflict
from hazards.conflicts.rules import About, Choice, Kind
from hazards.conflicts.service import Ruling
from hazards.photos.rules import Promised
from hazards.tasks import laying, repository
from hazards.tasks.models import Task, TaskAnswer

TOPIC = "task"


def note(
    session: Session,
    task: Task,
    kind: Kind,
    *,
    first: TaskAnswer,
    second: TaskAnswer,
    visit: Visit,
    promised: Sequence[Promised],
) -> UUID:
    """Keep for review that two answers to a task contradict each other."""
    put_right = timedelta(seconds=second.clock_off_s)
    sent_at = min(visit.sent_at - put_right, second.received_at) if visit.sent_at else None
    conflict = VersionConflict(
        about=About.TASK,
        kind=kind,
        subject_id=task.id,
        subject_name=repository.subject_of(session, task).name,
        area_path=task.area_path,
        first_id=first.id,
        second_id=second.id,
        facts={"photos": [str(one.id) for one in promised]},
        author_id=second.actor_id,
        author_name=second.actor_name,
        done_at=second.done_at,
        sent_at=sent_at,
        received_at=second.received_at,
    )
    return conflicts.note(session, conflict)


def found(
    session: Session,
    task: Task,
    made: TaskAnswer,
    visit: Visit,
    *,
    first: TaskAnswer | None,
    promised: Sequence[Promised],
) -> UUID | None:
    """Keep for review what contradicts the `first` of its number, or somebody's before."""
    came: dict[str, Any] = {"second": made, "visit": visit, "promised": promised}
    if first is not None:
        return note(session, task, Kind.NUMBER, first=first, **came)
    before = session.get(TaskAnswer, task.answer_id) if task.answer_id else None
    if before is None or before.id == made.id or said_by(before) == said_by(made):
        return None
    return note(session, task, Kind.DONE_BEFORE, first=before, **came)


def said_by(answer: TaskAnswer) -> tuple[object, ...]:
    """Give what an answer says, whoever said it and when."""
    return answer.outcome, answer.note, [(one["item"], one["value"]) for one in answer.answers]


def another(first: TaskAnswer, second: TaskAnswer) -> None:
    """Give another content under a taken number a number of its own."""
    second.id = rules.second_id(first.id, second.fingerprint)


def rule(
    session: Session, *, conflict_id: UUID, ruling: Ruling, by: Actor, now: datetime
) -> VersionConflict:
    """Rule which answer holds: every task that one of the two has done follows it."""
    conflict, _, is_new = conflicts.rule(
        session, conflict_id=conflict_id, ruling=ruling, by=by, now=now
    )
    if not is_new or conflict.first_id is None:
        return conflict
    task = repository.visible(session, conflict.subject_id)
    repository.held_at(session, task)
    first = repository.answer(session, conflict.first_id)
    second = repository.answer(session, conflict.second_id)
    holds = second if conflict.choice == Choice.SECOND else first
    grades = [one.worst_grade for one in (first, second) if one.worst_grade is not None]
    followers = [
        *repository.filled_by(session, first.id),
        *repository.filled_by(session, second.id),
    ]
    for one in followers:
        laying.done_by(one, holds)
        if one.id == task.id:
            both = conflict.choice == Choice.BOTH
            one.worst_grade = min(grades, default=None) if both else holds.worst_grade
        notify.announce(session, topic=TOPIC, kind="done", ref=one.id, area_path=one.area_path)
    return conflict
