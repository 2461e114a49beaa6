"""SQL for tasks: one with its subject, a person's own, those of a place, answers, bad ones."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from geoalchemy2 import Geography
from shapely import Point
from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Uuid,
    and_,
    cast,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Session, aliased

from gis.areas.repository import AFTER_SLASH
from gis.authority import Actor
from gis.errors import Missing
from gis.store.base import WGS84
from hazards.duty.models import Member
from hazards.points.models import HazardPoint
from hazards.tasks.models import Task, TaskAnswer
from hazards.tasks.rules import OWED, State
from hazards.tasks.subjects import Subject

MOST_STOPS = 200
LATEST_ROWS = 50

OfKind = Row[Task, str, str]
"""A task with the hazard and category of its subject."""


def visible(session: Session, task_id: UUID) -> Task:
    """Give a task; what the asker cannot see does not exist."""
    found = session.get(Task, task_id)
    if found is None:
        raise Missing("There is no such task in your area.")
    return found


def subject_of(session: Session, task: Task) -> Subject:
    """Give the point or asset of a task."""
    return session.get_one(Subject, task.subject_id)


def held_at(session: Session, task: Task) -> Sequence[Task]:
    """Hold a task and what else is owed at its point, so that two rounds wait for each other."""
    return _held(session, task.subject_id, or_(Task.state.in_(OWED), Task.id == task.id))


def held_of(session: Session, subject_id: UUID) -> Sequence[Task]:
    """Hold what is owed at a point or asset."""
    return _held(session, subject_id, Task.state.in_(OWED))


def _held(session: Session, subject_id: UUID, which: ColumnElement[bool]) -> Sequence[Task]:
    query = (
        select(Task)
        .where(Task.subject_id == subject_id, which)
        .order_by(Task.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).all()


def owed_at(session: Session, subject_id: UUID, now: datetime) -> Sequence[Task]:
    """Give what is owed at a point or asset by now, the soonest first."""
    query = select(Task).where(
        Task.subject_id == subject_id, Task.state.in_(OWED), Task.from_at <= now
    )
    return session.scalars(query.order_by(Task.due_at, Task.id)).all()


def mine(session: Session, actor: Actor, now: datetime) -> Sequence[Row[Task, Subject]]:
    """Give what a person owes: his own, and what his street's people of his role share."""
    shared = and_(Task.account_id.is_(None), Task.role == actor.role)
    query = (
        select(Task, Subject)
        .join(Subject, Subject.id == Task.subject_id)
        .where(
            Task.state.in_(OWED),
            Task.area_path >= actor.area_path,
            Task.area_path < actor.area_path[:-1] + "0",
            Task.from_at <= now,
            or_(Task.account_id == actor.id, shared),
        )
        .order_by(Task.due_at, Task.id)
        .limit(MOST_STOPS)
    )
    return session.execute(query).all()


def of_people_gone(session: Session, on: date, *, limit: int) -> Sequence[OfKind]:
    """Hold what is owed by people of whom no roster says that they are still there.

    Who cannot sign in is known by his name, in and below the area of his unit.
    """
    gone = (
        select(Member.account_id)
        .where(Member.account_id.is_not(None))
        .group_by(Member.account_id)
        .having(func.bool_and(func.coalesce(Member.until <= on, False)))
    )
    found = [*session.execute(_held_of_kind(Task.account_id.in_(gone)).limit(limit))]
    for path, names in _names_gone(session, on):
        theirs = Task.area_path >= path, Task.area_path < path[:-1] + AFTER_SLASH
        query = _held_of_kind(Task.account_id.is_(None), Task.person.in_(names), *theirs)
        found += session.execute(query.limit(limit - len(found)))
    return found


def _names_gone(session: Session, on: date) -> list[tuple[str, Sequence[str]]]:
    """Give by area the names of who left, had no account, and has no namesake there."""
    namesake = aliased(Member)
    near = or_(
        func.starts_with(namesake.area_path, Member.area_path),
        func.starts_with(Member.area_path, namesake.area_path),
    )
    stays = and_(namesake.name == Member.name, near, func.coalesce(namesake.until > on, True))
    query = select(Member.area_path, func.array_agg(Member.name)).group_by(Member.area_path)
    query = query.where(Member.account_id.is_(None), Member.until <= on, ~exists().where(stays))
    return [(path, names) for path, names in session.execute(query)]


def uncalled(session: Session, now: datetime, *, limit: int) -> Sequence[OfKind]:
    """Hold what is overdue and nobody was called about, the oldest first."""
    query = _held_of_kind(Task.call_ref.is_(None), Task.due_at < now)
    return session.execute(query.limit(limit)).all()


def _held_of_kind(*which: ColumnElement[bool]) -> Select[Task, str, str]:
    return (
        select(Task, Subject.hazard_type, Subject.category)
        .join(Subject, Subject.id == Task.subject_id)
        .where(Task.state.in_(OWED), *which)
        .order_by(Task.due_at, Task.id)
        .with_for_update(skip_locked=True, of=Task)
    )


def note_calls(session: Session, tasks: Mapping[UUID, UUID]) -> None:
    """Note in which matter somebody is called about each task, all in one statement.

    A statement for each holder counted his area's lists anew: of a whole city that took minutes,
    and whoever switched the mode meanwhile waited for it.
    """
    ids, refs = (cast(list(each), ARRAY(Uuid)) for each in (tasks.keys(), tasks.values()))
    noted = select(func.unnest(ids).label("id"), func.unnest(refs).label("ref")).subquery()
    query = update(Task).where(Task.id == noted.c.id).values(call_ref=noted.c.ref)
    session.execute(query, execution_options={"synchronize_session": False})


def cancelled_in_call(session: Session, *, limit: int) -> Sequence[Task]:
    """Give what was cancelled while somebody was called about it."""
    query = select(Task).where(Task.state == State.CANCELLED, Task.call_ref.is_not(None))
    return session.scalars(query.limit(limit)).all()


def of_subject(session: Session, subject_id: UUID) -> Sequence[Task]:
    """Give the latest tasks of a point or asset, those still owed first."""
    owed = Task.state.in_(OWED)
    query = select(Task).where(Task.subject_id == subject_id)
    query = query.order_by(owed.desc(), Task.due_at.desc(), Task.id).limit(LATEST_ROWS)
    return session.scalars(query).all()


def bad_of_point(session: Session, point_id: UUID) -> Sequence[TaskAnswer]:
    """Give the answers of a point that found something bad, newest first."""
    query = select(TaskAnswer).where(
        TaskAnswer.point_id == point_id, TaskAnswer.worst_grade.is_not(None)
    )
    return session.scalars(query.order_by(TaskAnswer.done_at.desc()).limit(LATEST_ROWS)).all()


def answer(session: Session, answer_id: UUID) -> TaskAnswer:
    """Give an answer the asker may see."""
    found = session.get(TaskAnswer, answer_id)
    if found is None:
        raise Missing("There is no such answer in your area.")
    return found


def keep(session: Session, made: TaskAnswer) -> bool:
    """Insert an answer unless its id is taken (even by a row the asker cannot see)."""
    columns = [c.key for c in TaskAnswer.__table__.columns if c.key != "created_at"]
    row = {name: getattr(made, name) for name in columns}
    statement = insert(TaskAnswer).values(row).on_conflict_do_nothing(index_elements=["id"])
    return session.scalar(statement.returning(TaskAnswer.id)) is not None


def filled_by(session: Session, answer_id: UUID) -> Sequence[Task]:
    """Give the tasks that an answer has done."""
    return session.scalars(select(Task).where(Task.answer_id == answer_id)).all()


def still_owed(session: Session, call_ref: UUID) -> int:
    """Count what is left of a matter that somebody was called about."""
    query = select(func.count()).where(Task.call_ref == call_ref, Task.state.in_(OWED))
    return session.scalar(query) or 0


def metres_between(session: Session, point_id: UUID, place: Point) -> float | None:
    """Measure from a place to a point."""
    here = cast(func.ST_SetSRID(func.ST_MakePoint(place.x, place.y), WGS84), Geography)
    there = cast(HazardPoint.place, Geography)
    query = select(func.ST_Distance(there, here)).where(HazardPoint.id == point_id)
    metres: float | None = session.scalar(query)
    return metres
