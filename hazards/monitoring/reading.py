"""Reading what stations measured: the latest of many streams, and one stream over a span."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, text
from sqlalchemy.orm import Session

from gis.errors import Missing, Rejected
from gis.store.base import among
from hazards.monitoring.models import Datastream, MonitoringPoint
from hazards.monitoring.rules import UNBELIEVED, Flag

PAGE_ROWS = 50
ODD_ROWS = 100
# A late reading of an hour that was added up before may have been among it: then it is left out.
SERIES = text("""
    SELECT stream, floor(extract(epoch FROM at - :start) / :step)::integer AS slot,
        min(low) AS low, max(high) AS high, sum(total) / nullif(sum(believed), 0) AS mean,
        sum(total) AS total, sum(odd) AS odd
    FROM (
        SELECT stream, observed_at AS at, good.value AS low, good.value AS high,
            good.value AS total, (good.value IS NOT NULL)::integer AS believed,
            (flags & :unbelieved <> 0)::integer AS odd
        FROM reading r
        CROSS JOIN LATERAL (SELECT CASE WHEN flags & :unbelieved = 0 THEN value END) AS good(value)
        WHERE stream = ANY(:streams) AND observed_at >= :start AND observed_at < :end
            AND NOT EXISTS (SELECT FROM reading_hour h WHERE h.stream = r.stream
                AND h.hour = date_trunc('hour', r.observed_at, 'UTC'))
        UNION ALL
        SELECT stream, hour, low, high, total, believed, odd FROM reading_hour
        WHERE stream = ANY(:streams) AND hour >= :start AND hour < :end
    ) AS said
    GROUP BY stream, slot ORDER BY stream, slot
""")
ODD = text("""
    SELECT stream, observed_at, value, flags, received_at, said FROM reading
    WHERE stream = ANY(:streams) AND observed_at >= :start AND observed_at < :end
        AND flags & ~:late <> 0
    ORDER BY observed_at DESC, stream LIMIT :most
""")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which streams a page asks for."""

    q: str = ""
    property: str = ""
    troubled: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """A part of a span: of its believed readings the least, most, mean and sum; how many others."""

    slot: int
    low: float | None
    high: float | None
    mean: float | None
    total: float | None
    odd: int


def listing(
    session: Session, wanted: Wanted, *, page: int
) -> tuple[list[tuple[Datastream, MonitoringPoint]], int]:
    """Give a page of streams with their stations, those in trouble first; and how many in all."""
    joined = MonitoringPoint.id == Datastream.point_id
    asked = _asked(wanted)
    counted = select(func.count()).select_from(Datastream).join(MonitoringPoint, joined)
    total = session.scalar(counted.where(*asked)) or 0
    query = select(Datastream, MonitoringPoint).join(MonitoringPoint, joined).where(*asked)
    order = (
        Datastream.trouble.is_(None),
        MonitoringPoint.name,
        MonitoringPoint.id,
        Datastream.property,
        Datastream.channel,
    )
    rows = session.execute(query.order_by(*order).limit(PAGE_ROWS).offset((page - 1) * PAGE_ROWS))
    return [(row[0], row[1]) for row in rows], total


def _asked(wanted: Wanted) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    if wanted.q:
        like = f"%{wanted.q}%"
        asked.append(or_(MonitoringPoint.name.ilike(like), MonitoringPoint.code.ilike(like)))
    if wanted.property:
        asked.append(Datastream.property == wanted.property)
    if wanted.troubled:
        asked.append(Datastream.trouble.is_not(None))
    return asked


def station(session: Session, point_id: UUID) -> MonitoringPoint:
    """Give a station that the asker sees, or raise Missing."""
    found = session.scalar(select(MonitoringPoint).where(MonitoringPoint.id == point_id))
    if found is None:
        raise Missing("There is no such station, or it lies outside your area.")
    return found


def streams_of(session: Session, point_ids: Collection[UUID]) -> Sequence[Datastream]:
    """Give the streams of stations."""
    query = select(Datastream).where(among(Datastream.point_id, point_ids))
    return session.scalars(query.order_by(Datastream.property, Datastream.channel)).all()


def series(
    session: Session, streams: Collection[int], *, start: datetime, end: datetime, slots: int
) -> dict[int, list[Slot]]:
    """Thin the readings of streams to so many slots of a span; empty slots are left out."""
    step = (end - start).total_seconds() / slots
    asked = {
        "streams": sorted(streams),
        "start": start,
        "end": end,
        "step": step,
        "unbelieved": int(UNBELIEVED),
    }
    found: dict[int, list[Slot]] = {stream: [] for stream in streams}
    for row in session.execute(SERIES, asked):
        found[row.stream].append(Slot(row.slot, row.low, row.high, row.mean, row.total, row.odd))
    return found


def odd(
    session: Session, streams: Collection[int], *, start: datetime, end: datetime
) -> Sequence[Any]:
    """Give what was odd in a span, the latest first; that it came late alone is not."""
    asked = {"streams": sorted(streams), "start": start, "end": end}
    asked |= {"late": int(Flag.LATE), "most": ODD_ROWS}
    return session.execute(ODD, asked).all()


def measuring(session: Session, of: str, *, most: int) -> Sequence[MonitoringPoint]:
    """Give stations that measure a property, as many as a person can choose from."""
    query = select(MonitoringPoint).where(_measures(of))
    return session.scalars(query.order_by(MonitoringPoint.name).limit(most)).all()


def _measures(of: str) -> ColumnElement[bool]:
    there = Datastream.point_id == MonitoringPoint.id
    return select(Datastream.id).where(there, Datastream.property == of).exists()


def called(session: Session, said: str, of: str) -> MonitoringPoint:
    """Give the station of a code or a name that measures a property."""
    named = or_(MonitoringPoint.code == said, MonitoringPoint.name == said)
    found = session.scalars(select(MonitoringPoint).where(named, _measures(of)).limit(2)).all()
    if not found:
        raise Missing("No station of this code or name measures it. Choose one from the list.")
    if len(found) > 1:
        raise Rejected("Several stations have this name. Write the code of one.")
    return found[0]
