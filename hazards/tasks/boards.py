"""The planner's board: what is due, overdue and done, by street and by person's load.

A load says how much somebody carries. People are listed by name and never ranked.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from hazards.checklists.models import ChecklistTemplate
from hazards.tasks.counts import COUNTS
from hazards.tasks.models import Task
from hazards.tasks.rules import OWED, ZONE, State
from hazards.tasks.subjects import Subject

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
    owed = Task.state.in_(OWED)
    done = and_(Task.state == State.DONE, Task.done_at >= asked.done_since)
    return {
        Shown.DUE: and_(owed, Task.from_at <= asked.now, Task.due_at >= asked.now),
        Shown.OVERDUE: and_(owed, Task.due_at < asked.now),
        Shown.DONE: done,
        Shown.BAD: and_(done, Task.worst_grade.is_not(None)),
    }


def added_up(asked: Wanted) -> dict[Shown, ColumnElement[bool]]:
    """Give the same conditions on sums."""
    here = COUNTS.c
    done = here.done_on >= asked.done_since.date()
    return {
        Shown.DUE: and_(here.from_at <= asked.now, here.due_at >= asked.now),
        Shown.OVERDUE: and_(here.from_at <= asked.now, here.due_at < asked.now),
        Shown.DONE: done,
        Shown.BAD: and_(done, here.found_bad),
    }


def keyed(asked: Wanted, of: Any) -> list[ColumnElement[bool]]:
    """Give the conditions that sums know as well."""
    path = asked.area_path
    found = [of.area_path >= path, of.area_path < path[:-1] + "0"]
    if asked.template:
        found.append(of.template_code == asked.template)
    if asked.mode:
        found.append(of.mode == asked.mode)
    if asked.person:
        found.append(of.account_id == asked.person)
    return found


def chosen(asked: Wanted) -> list[ColumnElement[bool]]:
    """Give the conditions that hold for figures and list alike."""
    found = keyed(asked, Task)
    if asked.hazard_type:
        subject = aliased(Subject)
        of_type = select(subject.id).where(
            subject.id == Task.subject_id, subject.hazard_type == asked.hazard_type
        )
        found.append(of_type.exists())
    return found


@dataclass(frozen=True, slots=True)
class Load:
    """How many there are of each kind, of an area or of whoever carries them."""

    path: str = ""
    account_id: UUID | None = None
    person: str = ""
    role: str = ""
    due: int = 0
    overdue: int = 0
    done: int = 0
    bad: int = 0


class Loads:
    """The figures of a board: read once, added up by area, by person and by list."""

    def __init__(self, rows: Sequence[Any]) -> None:
        """Take rows of one list, area and person each."""
        self.rows = [Load(*row[1:]) for row in rows]
        self.templates = {row[0] for row in rows}

    def figures(self) -> dict[Shown, int]:
        """Count what there is of each."""
        return {kind: sum(getattr(row, kind) for row in self.rows) for kind in Shown}

    def by_area(self) -> list[Load]:
        """Add up by the areas right below, in the order of their codes."""
        return sorted(added_by(self.rows, "path"), key=lambda load: load.path)

    def by_person(self) -> list[Load]:
        """Add up by who carries them, by name; what a street's people carry stands by role."""
        # Lists of one person may be made for several roles; he carries them all the same.
        whose = [replace(row, role="") if row.person else row for row in self.rows]
        added = added_by(whose, "account_id", "person", "role")
        return sorted(added, key=lambda load: (load.person, load.role, str(load.account_id)))


def added_by(loads: Iterable[Load], *names: str) -> Iterator[Load]:
    """Add up what agrees in these."""
    groups: dict[tuple[Any, ...], list[Load]] = defaultdict(list)
    for one in loads:
        groups[tuple(getattr(one, name) for name in names)].append(one)
    for key, rows in groups.items():
        counts = {kind: sum(getattr(row, kind) for row in rows) for kind in Shown}
        yield Load(**dict(zip(names, key, strict=True)), **counts)


def loads(session: Session, asked: Wanted) -> Loads:
    """Count everything there is in one pass: from sums, unless more is asked than they know."""
    if asked.hazard_type:
        return Loads(session.execute(_counted(asked)).all())
    kinds_of, lists = added_up(asked), func.sum(COUNTS.c.lists)
    figures = [
        func.coalesce(lists.filter(kind), 0).cast(BigInteger).label(name)
        for name, kind in kinds_of.items()
    ]
    whose = _whose(asked, COUNTS.c)
    query = select(*whose, *figures).where(*keyed(asked, COUNTS.c), or_(*kinds_of.values()))
    return Loads(session.execute(query.group_by(*whose).having(lists != 0)).all())


def count(session: Session, asked: Wanted) -> int:
    """Count what a list would show, and nothing around it."""
    if asked.hazard_type:
        query = select(func.count()).select_from(Task)
        return session.scalar(query.where(*chosen(asked), kinds(asked)[asked.shown])) or 0
    known = select(func.coalesce(func.sum(COUNTS.c.lists), 0).cast(BigInteger))
    meant = added_up(asked)[asked.shown]
    return session.scalar(known.where(*keyed(asked, COUNTS.c), meant)) or 0


def listing(session: Session, asked: Wanted) -> Sequence[Any]:
    """Give one page of the list: task, subject, and the list's names."""
    query = _in_order(asked, select(Task.id)).limit(PAGE_ROWS)
    ids = session.scalars(query.offset((asked.page - 1) * PAGE_ROWS)).all()
    # Read, not joined: what lies before a far page is found in an index alone.
    return session.execute(_rows(asked).where(Task.id.in_(ids))).all()


def everything(session: Session, asked: Wanted) -> Sequence[Any]:
    """Give the list for a file."""
    return session.execute(_rows(asked).limit(MOST_ROWS)).all()


def templates(session: Session, codes: Iterable[str]) -> Sequence[Any]:
    """Give the lists that occur, by code, with their names."""
    table = ChecklistTemplate
    query = select(table.code, table.name_zh, table.name_en)
    return session.execute(
        query.where(table.retired.is_(False), table.code.in_(codes)).order_by(table.code)
    ).all()


def _rows(asked: Wanted) -> Select[*tuple[Any, ...]]:
    table = ChecklistTemplate
    named = and_(table.code == Task.template_code, table.version == Task.template_version)
    rows = (
        select(Task, Subject, table.name_zh, table.name_en)
        .join(Subject, Subject.id == Task.subject_id)
        .join(table, named)
    )
    return _in_order(asked, rows)


def _in_order(asked: Wanted, rows: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    order = Task.done_at.desc() if asked.shown in (Shown.DONE, Shown.BAD) else Task.due_at.asc()
    return rows.where(*chosen(asked), kinds(asked)[asked.shown]).order_by(order, Task.id)


def _counted(asked: Wanted) -> Select[*tuple[Any, ...]]:
    """Count one by one."""
    whose, kinds_of = _whose(asked, Task), kinds(asked)
    figures = [func.count().filter(kind).label(name) for name, kind in kinds_of.items()]
    query = select(*whose, *figures).where(*chosen(asked), or_(*kinds_of.values()))
    return query.group_by(*whose)


def _whose(asked: Wanted, of: Any) -> list[Any]:
    """Give what figures are told apart by: the list, the area right below, whoever carries it."""
    below = func.nullif(func.split_part(of.area_path, "/", asked.area_path.count("/") + 1), "")
    path = func.coalesce(asked.area_path + below + "/", asked.area_path)
    return [of.template_code, path, of.account_id, of.person, of.role]
