"""The figures of the brief: the ledger now and a month ago, what is overdue, what is proposed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, cast, extract, func, select
from sqlalchemy.orm import Session

from gis.areas.placing import CITY_ZONE
from gis.areas.repository import AFTER_SLASH
from hazards.events.models import DisasterEvent
from hazards.evidence.models import EvidenceProposal
from hazards.points import summary
from hazards.points.cases.models import LedgerCase
from hazards.points.filters import PointFilter
from hazards.points.models import HazardPoint
from hazards.points.rules import State
from hazards.tasks import boards
from hazards.tasks.models import Task
from hazards.tasks.rules import OWED
from hazards.tasks.subjects import Subject

MONTH = timedelta(days=30)
SHOWN, MOST_TYPES, YEARS = 8, 6, 15
WAITING = ("applied", "surveyed", "reviewed", "returned")


@dataclass(frozen=True, slots=True)
class Figures:
    """What the brief tells of an area; `then` is the ledger of a month ago, if there was one."""

    since: datetime
    begins: datetime
    now: Mapping[str, Any]
    then: Mapping[str, Any] | None
    new: Sequence[HazardPoint]
    changes: Row[int, int, int]
    overdue: int
    oldest: Sequence[Row[str, datetime, str]]
    waiting: int
    proposed: int
    proposals: Sequence[EvidenceProposal]
    by_type: Sequence[Row[str, int]]
    by_year: Mapping[int, int]
    synthetic: bool


def read(session: Session, under: str, *, now: datetime) -> Figures:
    """Read them through the eyes of whoever asks."""
    since, of = now - MONTH, HazardPoint
    month_ago = PointFilter(areas=(under,), as_of=since)
    here, listed = inside(of, under), of.state == State.APPROVED
    fresh = here & listed & (of.created_at >= since)
    moved = (of.created_at < since) & (of.changed_at >= since)
    one = func.count()
    begins = session.scalar(select(func.min(of.created_at)).where(here)) or since
    changes = select(one.filter(fresh), one.filter(listed & moved), one.filter(~listed & moved))
    late = boards.Wanted(under, now)
    wanted = inside(EvidenceProposal, under), EvidenceProposal.state == "open"
    newest = EvidenceProposal.found_at.desc(), EvidenceProposal.id
    return Figures(
        since=since,
        begins=begins,
        now=summary.summed(session, PointFilter(areas=(under,))),
        then=None if begins > since else summary.summed(session, month_ago),
        new=session.scalars(
            select(of).where(fresh).order_by(of.grade, of.created_at).limit(SHOWN)
        ).all(),
        changes=session.execute(changes.where(here)).one(),
        overdue=boards.count(session, late),
        oldest=oldest(session, under, now),
        waiting=session.scalar(
            select(one).where(inside(LedgerCase, under), LedgerCase.state.in_(WAITING))
        ) or 0,
        proposed=session.scalar(select(one).select_from(EvidenceProposal).where(*wanted)) or 0,
        proposals=session.scalars(
            select(EvidenceProposal).where(*wanted).order_by(*newest).limit(SHOWN)
        ).all(),
        by_type=session.execute(
            select(of.hazard_type, one).where(here, listed).group_by(of.hazard_type)
            .order_by(one.desc(), of.hazard_type).limit(MOST_TYPES)
        ).all(),
        by_year=years(session, under, now.year),
        synthetic=bool(session.scalar(
            select(select(of.id).where(here, listed, of.synthetic).exists())
        )),
    )  # fmt: skip


def oldest(session: Session, under: str, now: datetime) -> Sequence[Row[str, datetime, str]]:
    """Give the lists that have been overdue the longest: where, since when, whose."""
    person = func.coalesce(Task.person, "")
    query = (
        select(Subject.name, Task.due_at, person)
        .join(Subject, Subject.id == Task.subject_id)
        .where(inside(Task, under), Task.state.in_(OWED), Task.due_at < now)
        .order_by(Task.due_at, Task.id)
    )
    return session.execute(query.limit(SHOWN)).all()


def years(session: Session, under: str, last: int) -> dict[int, int]:
    """Count disaster records by year, the years without any too."""
    of = DisasterEvent
    year = cast(extract("year", func.timezone(CITY_ZONE.key, of.happened_at)), Integer)
    first = last - YEARS + 1
    query = select(year, func.count()).where(inside(of, under), year >= first).group_by(year)
    found = {int(row[0]): int(row[1]) for row in session.execute(query)}
    return {one: found.get(one, 0) for one in range(first, last + 1)}


def inside(of: Any, under: str) -> ColumnElement[bool]:
    """Hold for what lies in an area."""
    found: ColumnElement[bool] = (of.area_path >= under) & (of.area_path < under[:-1] + AFTER_SLASH)
    return found
