"""What a rule would have said about a station's past, for the pages that try rules."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from gis.areas.placing import CITY_ZONE
from hazards.judging import backtest, replay
from hazards.judging import repository as judged
from hazards.judging.backtest import Score
from hazards.judging.files import RuleEntry
from hazards.judging.replay import Moment
from hazards.monitoring.words import EARLIEST, LATEST

USUAL, LONGEST = timedelta(days=30), timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Tried:
    """What one rule would have said; a draft has no version yet."""

    entry: RuleEntry
    version: int | None
    in_force: bool
    moments: list[Moment]
    score: Score


def tried(
    session: Session,
    entry: RuleEntry,
    point_id: UUID,
    span: tuple[datetime, datetime],
    *,
    version: int | None = None,
    in_force: bool = False,
) -> Tried:
    """Try one rule, and hold it against the disasters on record."""
    moments = replay.replay(session, entry.rule(), point_id, start=span[0], end=span[1])
    records = judged.records_near(session, point_id, hazard_type=entry.hazard_type, span=span)
    score = backtest.scored(replay.episodes_of(moments), records)
    return Tried(entry, version, in_force, moments, score)


def span_of(first: str, last: str, *, now: datetime) -> tuple[datetime, datetime]:
    """Give the span that was asked for, a year at most; by itself the last thirty days."""
    end = day_of(last, now, now=now) + (timedelta(days=1) if last else timedelta(0))
    start = day_of(first, end - USUAL, now=now)
    return max(start, end - LONGEST), max(end, start + timedelta(days=1))


def day_of(said: str, otherwise: datetime, *, now: datetime) -> datetime:
    """Read a day of the city's calendar; what is none, or cannot be, is another."""
    try:
        day = datetime.fromisoformat(said).replace(tzinfo=CITY_ZONE)
    except ValueError:
        return otherwise
    return day if EARLIEST <= day <= now + LATEST else otherwise
