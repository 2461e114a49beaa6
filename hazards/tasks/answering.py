"""Verbs of the field: begin a task, answer it. One answer fills every list that asks the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require
from gis.errors import Conflict, Rejected
from gis.store import audit, notify
from hazards.checklists import repository as checklists
from hazards.checklists import visits
from hazards.checklists.repository import Checklist
from hazards.checklists.rules import Judged, bounded, judge_all
from hazards.checklists.visits import Visit
from hazards.conflicts import repository as conflicts
from hazards.photos import service as photos
from hazards.photos.rules import Promised
from hazards.tasks import alarm, contested, filling, laying, repository
from hazards.tasks.making import TOPIC
from hazards.tasks.models import Task, TaskAnswer
from hazards.tasks.rules import Late, State

OF_ITS_TASK = ("area_path", "template_code", "template_version")
LATE = {State.CANCELLED: Late.CANCELLED, State.DONE: Late.DONE_BEFORE}


@dataclass(frozen=True, slots=True)
class Answered:
    """What was kept, what it led to, and what had become of the task meanwhile.

    `conflict` is where somebody looks at it, because another answer contradicts it.
    """

    answer: TaskAnswer
    done: Sequence[Task]
    new: bool
    conflict: UUID | None


def begin(session: Session, *, task_id: UUID, by: Actor, now: datetime) -> Task:
    """Say that somebody is at it: from here on no switch of the mode takes it from him."""
    task = repository.visible(session, task_id)
    require(by, Act.INSPECT, task.area_path)
    session.refresh(task, with_for_update=True)
    if task.state == State.OPEN:
        task.state, task.begun_at = State.BEGUN, now
        notify.announce(session, topic=TOPIC, kind="begun", ref=task.id, area_path=task.area_path)
    return task


def answer(
    session: Session,
    *,
    task_id: UUID,
    visit: Visit,
    by: Actor,
    now: datetime,
    promised: Sequence[Promised] = (),
) -> Answered:
    """Keep an answer once; what is bad and grave calls the people whose point it is at once."""
    task = _of_point(session, task_id, by)
    held = repository.held_at(session, task)
    lists = checklists.of_versions(
        session, {(t.template_code, t.template_version) for t in held}, area_path=task.area_path
    )
    own = lists[task.template_code, task.template_version]
    judged = _judged(own, visit, promised)
    made = _row(session, task, visit, judged, promised=promised, by=by, now=now)
    first = None
    if not repository.keep(session, made):
        first = _kept(session, made)
        if first.fingerprint == made.fingerprint:
            return _again(session, first)
        contested.another(first, made)
        made.late = Late.DONE_BEFORE
        if not repository.keep(session, made):
            return _again(session, made)
    photos.promise(session, made, promised, by=by, beside=first)
    covered = filling.covered(own.items, judged, visit.outcome)
    done: Sequence[Task] = ()
    if first is None:
        done = laying.beside(held, lists, made, covered, meant={task.id}, worst=made.worst_grade)
    session.flush()  # what is left of a matter is counted next
    alarm.settle(session, done, by=by, now=now)
    if alarm.is_grave(made.worst_grade):
        alarm.call_owner(session, task, made, judged, by=by, now=now)
    _tell(session, task, made, done)
    conflict = contested.found(session, task, made, visit, first=first, promised=promised)
    return Answered(made, done, new=True, conflict=conflict)


def _of_point(session: Session, task_id: UUID, by: Actor) -> Task:
    task = repository.visible(session, task_id)
    require(by, Act.INSPECT, task.area_path)
    if repository.subject_of(session, task).is_asset:
        raise Rejected("This list is of an asset: send it as a visit to the asset.")
    return task


def _judged(own: Checklist, visit: Visit, promised: Sequence[Promised]) -> list[Judged]:
    """Judge an answer by the task's list, and refuse one that contradicts itself."""
    if visit.shown not in (None, (own.code, own.version)):
        raise Rejected("This list is not asked here. Load the page again and answer what it asks.")
    judged = judge_all(own.items, visit.answers)
    visits.agree(visit, judged, bounded(visit.note))
    visits.pictured(visit, own.items, judged, {one.item for one in promised})
    return judged


def _row(
    session: Session,
    task: Task,
    visit: Visit,
    judged: Sequence[Judged],
    *,
    promised: Sequence[Promised],
    by: Actor,
    now: datetime,
) -> TaskAnswer:
    place, note = visit.place, bounded(visit.note)
    deed = visits.deed_time(visit, received_at=now)
    ids = [one.id for one in promised]
    distance_m = repository.metres_between(session, task.subject_id, place) if place else None
    bad = [one.item for one in judged if one.bad]
    other = visits.OTHER_GRADE if visit.outcome is visits.Outcome.PROBLEM else None
    return TaskAnswer(
        id=visit.id,
        task_id=task.id,
        point_id=task.subject_id,
        **{name: getattr(task, name) for name in OF_ITS_TASK},
        actor_id=by.id,
        actor_name=by.name,
        outcome=visit.outcome,
        answers=[_said(one) for one in judged],
        note=note,
        worst_grade=min((item.grade for item in bad), default=other),
        stop=any(item.stop for item in bad),
        late=LATE.get(State(task.state)),
        done_at=deed.done_at,
        received_at=now,
        clock_off_s=deed.clock_off_s,
        place=place,
        accuracy_m=visit.accuracy_m,
        distance_m=distance_m,
        far=visits.is_far(distance_m),
        fingerprint=visits.fingerprint(
            visit, subject=task.id, judged=judged, note=note, photos=ids
        ),
    )


def _said(one: Judged) -> dict[str, object]:
    item = one.item
    return {"item": item.code, "question": item.question, "value": one.value, "bad": one.bad}


def _kept(session: Session, made: TaskAnswer) -> TaskAnswer:
    kept = session.get(TaskAnswer, made.id)
    if kept is None or kept.task_id != made.task_id:
        raise Conflict(
            "Another answer was already kept under this number. Yours was not saved: "
            "load the page again and send it once more."
        )
    return kept


def _again(session: Session, sent: TaskAnswer) -> Answered:
    kept = repository.answer(session, sent.id)
    done = repository.filled_by(session, kept.id)
    return Answered(kept, done, new=False, conflict=conflicts.of_version(session, kept.id))


def _tell(session: Session, task: Task, made: TaskAnswer, done: Sequence[Task]) -> None:
    audit.record(
        session,
        act="task.answered",
        subject=task.id,
        area_path=task.area_path,
        answer=made.id,
        outcome=made.outcome,
        worst_grade=made.worst_grade,
        late=made.late,
        filled=len(done),
    )
    for one in done or [task]:
        notify.announce(session, topic=TOPIC, kind="done", ref=one.id, area_path=one.area_path)
