"""The planner's board: what is due, overdue and done, by street and by person's load.

A load says how much somebody carries. People are listed by name and never ranked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from hazards.checklists.models import ChecklistTemplate
from hazards.points.models import HazardPoint
from hazards.tasks.models import Task
from hazards.tasks.rules import OWED, ZONE, State

PAGE_ROWS = 50
MOST_ROWS = 50_000
DONE_DAYS = 7


class Shown(StrEnum):
    """Which of them a list shows."""

    DUE = "due"
    OVERDUE = "overdue"
    DONE = "done"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a planner asks for."""

    area_path: str
    now: datetime
    shown: Shown = Shown.OVERDUE
    template: str = ""
    mode: str = ""
    hazard_type: str = ""
    person: UUID | None = None
    page: int = 1

    @property
    def done_since(self) -> datetime:
        """From when on what is done counts: the start of a day a week ago."""
        day = self.now.astimezone(ZONE).date() - timedelta(days=DONE_DAYS - 1)
        return datetime.combine(day, time(), ZONE)


def kinds(asked: Wanted) -> dict[Shown, ColumnElement[bool]]:
    """Give the conditions of due, overdue, done, and done with something bad."""
    owed = and_(Task.state.in_(OWED), Task.from_at <= asked.now)
    done = and_(Task.state == State.DONE, Task.done_at >= asked.done_since)
    return {
        Shown.DUE: and_(owed, Task.due_at >= asked.now),
        Shown.OVERDUE: and_(owed, Task.due_at < asked.now),
        Shown.DONE: done,
        Shown.BAD: and_(done, Task.worst_grade.is_not(None)),
    }


def chosen(asked: Wanted) -> list[ColumnElement[bool]]:
    """Give the conditions that hold for figures and list alike."""
    path = asked.area_path
    found = [Task.area_path >= path, Task.area_path < path[:-1] + "0"]
    if asked.template:
        found.append(Task.template_code == asked.template)
    if asked.mode:
        found.append(Task.mode == asked.mode)
    if asked.person:
        found.append(Task.account_id == asked.person)
    if asked.hazard_type:
        point = aliased(HazardPoint)
        of_type = select(point.id).where(
            point.id == Task.point_id, point.hazard_type == asked.hazard_type
        )
        found.append(of_type.exists())
    return found


def figures(session: Session, asked: Wanted) -> dict[Shown, int]:
    """Count what there is of each."""
    query = select(*_counts(asked)).where(*chosen(asked), _counted(asked))
    row = session.execute(query).one()
    return dict(zip(Shown, row, strict=True))


def by_area(session: Session, asked: Wanted) -> Sequence[Any]:
    """Count by the areas right below, in the order of their codes."""
    below = func.substring(Task.area_path, f"^{asked.area_path}[0-9]+/")
    path = func.coalesce(below, asked.area_path).label("path")
    query = select(path, *_counts(asked)).where(*chosen(asked), _counted(asked))
    return session.execute(query.group_by(path).order_by(path)).all()


def by_person(session: Session, asked: Wanted) -> Sequence[Any]:
    """Count by who carries them, by name; what belongs to a street's people stands by role."""
    whose = (Task.account_id, Task.person, Task.role)
    query = select(*whose, *_counts(asked)).where(*chosen(asked), _counted(asked))
    return session.execute(query.group_by(*whose).order_by(Task.person, Task.role)).all()


def listing(session: Session, asked: Wanted) -> Sequence[Any]:
    """Give one page of the list: task, point, and the list's names."""
    query = _rows(asked).limit(PAGE_ROWS).offset((asked.page - 1) * PAGE_ROWS)
    return session.execute(query).all()


def everything(session: Session, asked: Wanted) -> Sequence[Any]:
    """Give the list for a file."""
    return session.execute(_rows(asked).limit(MOST_ROWS)).all()


def templates(session: Session, asked: Wanted) -> Sequence[Any]:
    """Give the lists that occur, by code, with their names."""
    table = ChecklistTemplate
    used = select(Task.template_code).where(*chosen(asked), _counted(asked)).distinct()
    query = select(table.code, table.name_zh, table.name_en)
    return session.execute(
        query.where(table.retired.is_(False), table.code.in_(used)).order_by(table.code)
    ).all()


def _rows(asked: Wanted) -> Select[*tuple[Any, ...]]:
    table = ChecklistTemplate
    named = and_(table.code == Task.template_code, table.version == Task.template_version)
    order = Task.done_at.desc() if asked.shown in (Shown.DONE, Shown.BAD) else Task.due_at.asc()
    return (
        select(Task, HazardPoint, table.name_zh, table.name_en)
        .join(HazardPoint, HazardPoint.id == Task.point_id)
        .join(table, named)
        .where(*chosen(asked), kinds(asked)[asked.shown])
        .order_by(order, Task.id)
    )


def _counts(asked: Wanted) -> list[Any]:
    return [func.count().filter(kind).label(name) for name, kind in kinds(asked).items()]


def _counted(asked: Wanted) -> ColumnElement[bool]:
    return or_(*kinds(asked).values())
