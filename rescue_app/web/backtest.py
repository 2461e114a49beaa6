"""The page on which a rule is tried on a station's past, beside another one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from gis.areas.placing import CITY_ZONE
from hazards.judging import backtest, live, replay
from hazards.judging import repository as judged
from hazards.judging.backtest import Score
from hazards.judging.files import RuleEntry
from hazards.judging.models import RuleVersion
from hazards.judging.replay import Moment
from hazards.monitoring import reading
from hazards.monitoring.words import EARLIEST, LATEST
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web.render import page

router = APIRouter(include_in_schema=False)
USUAL, LONGEST = timedelta(days=30), timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Tried:
    """What one rule would have said."""

    version: RuleVersion
    entry: RuleEntry
    moments: list[Moment]
    score: Score


@router.get("/monitoring/{point_id}/backtest", name="backtest")
def show(
    request: Request, db: Db, _: Who, now: Now, point_id: UUID,
    rule: str = "", other: str = "", first: str = "", last: str = "",
) -> Response:  # fmt: skip
    """Show what one rule or two would have said about a span of the past."""
    station = reading.station(db, point_id)
    start, end = span_of(first, last, now=now)
    fitting = fitting_rules(db, point_id)
    facts: dict[str, Any] = {"station": station, "start": start, "end": end, "fitting": fitting}
    facts |= {"entries": {one.id: live.entry_of(one) for one in fitting}, "rule": rule}
    chosen = named(fitting, rule, other) or fitting[:1]
    facts |= {"other": other, "tried": [tried(db, one, point_id, start, end) for one in chosen]}
    return page(request, "monitoring/backtest.html", section="monitoring", **facts)


def fitting_rules(session: Session, point_id: UUID) -> list[RuleVersion]:
    """Give the versions of rules that judge what a station measures, those in force first."""
    measured = {one.property for one in reading.streams_of(session, [point_id])}
    known = [one for one in judged.every(session) if live.entry_of(one).property in measured]
    return sorted(known, key=lambda one: (not one.in_force, one.code, -one.version))


def named(fitting: list[RuleVersion], *ids: str) -> list[RuleVersion]:
    """Give the versions of these ids, in the order asked."""
    return [one for said in ids for one in fitting if str(one.id) == said]


def tried(
    session: Session, version: RuleVersion, point_id: UUID, start: datetime, end: datetime
) -> Tried:
    """Try one rule, and hold it against the disasters on record."""
    entry = live.entry_of(version)
    moments = replay.replay(session, entry.rule(), point_id, start=start, end=end)
    span = start, end
    records = judged.records_near(session, point_id, hazard_type=entry.hazard_type, span=span)
    return Tried(version, entry, moments, backtest.scored(replay.episodes_of(moments), records))


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
