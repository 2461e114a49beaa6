"""Makes the tasks that fall due: a district at a time, each once, whoever runs it how often.

A district is one transaction: a worker killed in the middle leaves whole districts behind him,
and the next run makes the rest. Where the same lists are due as last time, only points that
changed since are looked at, so that a run every minute costs next to nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, func, select
from sqlalchemy.orm import Session

from gis.areas import repository as areas
from gis.areas.placing import day_of
from gis.areas.rules import AreaLevel
from gis.store import notify
from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import SYSTEM
from hazards.checklists.rules import Mode
from hazards.modes import repository as modes
from hazards.tasks import carriers, lists, statements
from hazards.tasks.lists import Book, Due
from hazards.tasks.models import TaskRound

TOPIC = "task"
EVER = datetime(1, 1, 1, tzinfo=UTC)
SLACK = timedelta(minutes=10)
"""A change may be committed this long after the moment it is dated."""
MAKING_LOCK = 0x59_54_4D_4B


@dataclass(frozen=True, slots=True)
class Region:
    """A range of area paths that is worked on at once."""

    path: str
    high: str

    @classmethod
    def of(cls, area_path: str) -> "Region":
        """Give an area with all below it."""
        return cls(area_path, area_path[:-1] + areas.AFTER_SLASH)

    @classmethod
    def alone(cls, area_path: str) -> "Region":
        """Give an area without what lies below it."""
        return cls(area_path, area_path + "0")

    def bounds(self, at: datetime, since: datetime = EVER) -> dict[str, Any]:
        """Give what the statements ask for."""
        return {"low": self.path, "high": self.high, "at": at, "since": since}


def generate(sessions: Sessions, *, now: datetime) -> int:
    """Make all that is due everywhere; give how many tasks are new."""
    with unit_of_work(sessions, SYSTEM) as session:
        book, parts = lists.read(session), regions(session)
    made = 0
    for region in parts:
        with unit_of_work(sessions, SYSTEM) as session:
            made += make_region(session, region, book, now=now)
    return made


def regions(session: Session) -> list[Region]:
    """Give the districts, and what lies in none of them."""
    tree = areas.tree(session, "/", levels=(AreaLevel.CITY, AreaLevel.DISTRICT))
    return [
        Region.alone(one.path) if one.level == AreaLevel.CITY else Region.of(one.path)
        for one in tree
    ]


def make_region(session: Session, region: Region, book: Book, *, now: datetime) -> int:
    """Make what is due in one region, in the SYSTEM scope."""
    modes.hold(session, shared=True)
    session.execute(select(func.pg_advisory_xact_lock(MAKING_LOCK, func.hashtext(region.path))))
    due = due_in(session, region, book, now)
    known, digest = session.get(TaskRound, region.path), lists.digest(due)
    seen = known.made_at - SLACK if known else EVER
    since = seen if known and known.digest == digest else EVER
    made = make(session, region, due, now=now, since=since)
    if known:
        tidy(session, region, now=now, since=seen)
    session.execute(statements.ROUND, {"path": region.path, "digest": digest, "at": now})
    if made:
        notify.announce(session, topic=TOPIC, kind="made", ref=None, area_path=region.path)
    return made


def make(
    session: Session,
    region: Region,
    due: Sequence[Due],
    *,
    now: datetime,
    since: datetime = EVER,
) -> int:
    """Make tasks of these lists at points that changed since; what there is already stays."""
    if not due:
        return 0
    asked = region.bounds(now, since)
    stand_ins = carriers.stand_ins(session, asked, {one.role for one in due}, at=now)
    asked |= {"due": lists.as_json(due), "stand_ins": stand_ins, "today": day_of(now)}
    session.execute(statements.AS_SETS)
    made = rows(session, statements.MAKE, asked)
    session.execute(statements.AS_BEFORE)
    return made


def tidy(session: Session, region: Region, *, now: datetime, since: datetime) -> None:
    """Let the tasks of points that left, moved or became others go along."""
    asked = region.bounds(now, since)
    rows(session, statements.POINT_GONE, asked)
    rows(session, statements.POINT_MOVED, asked)
    rows(session, statements.POINT_CHANGED, asked)


def due_in(session: Session, region: Region, book: Book, at: datetime) -> list[Due]:
    """Give what falls due in a region: by the modes that stand there, and its own season."""
    return book.due(modes_in(session, region, at), at, lists.floods(session, region.path))


def modes_in(session: Session, region: Region, at: datetime) -> set[Mode]:
    """Give the modes that stand somewhere in a region; peace may always."""
    asked = region.bounds(at) | {"path": region.path}
    return {Mode(mode) for mode in session.scalars(statements.MODES_IN, asked)} | {Mode.PEACE}


def rows(session: Session, statement: Any, asked: dict[str, Any]) -> int:
    """Run a statement and count the rows it wrote."""
    done: CursorResult[Any] = session.execute(statement, asked)  # type: ignore[assignment]  # a write
    return done.rowcount
