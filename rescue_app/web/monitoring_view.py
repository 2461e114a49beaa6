"""What the pages of stations show: spans people choose, charts, and odd readings in words."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from gis.areas.placing import CITY_ZONE
from hazards.judging import live
from hazards.judging import repository as judged
from hazards.judging.files import RuleEntry
from hazards.monitoring import properties, reading
from hazards.monitoring.models import Datastream, MonitoringPoint, ObservedProperty
from hazards.monitoring.rules import Flag
from hazards.monitoring.words import EARLIEST, LATEST
from rescue_app.web import chart

SPANS = {
    "6h": timedelta(hours=6),
    "24h": timedelta(hours=24),
    "3d": timedelta(days=3),
    "30d": timedelta(days=30),
    "1y": timedelta(days=366),
}
USUAL = "24h"
SPARK_SLOTS = 48


def properties_of(session: Session) -> dict[str, ObservedProperty]:
    """Give the properties by their code."""
    return {one.code: one for one in properties.listed(session)}


def sparks(
    session: Session, rows: Sequence[tuple[Datastream, MonitoringPoint]], *, now: datetime
) -> dict[int, str]:
    """Draw the last day of each stream small."""
    known = properties_of(session)
    start = now - SPANS[USUAL]
    streams = {stream.number: known[stream.property].adds for stream, _ in rows}
    found = reading.series(session, streams.keys(), start=start, end=now, slots=SPARK_SLOTS)
    return {n: chart.spark(found[n], of=SPARK_SLOTS, adds=adds) for n, adds in streams.items()}


def span_of(name: str, until: str, *, now: datetime) -> tuple[str, datetime, datetime]:
    """Give the chosen span; what is not understood is the last day."""
    chosen = name if name in SPANS else USUAL
    try:
        end = datetime.fromisoformat(until)
    except ValueError:
        end = now
    if end.tzinfo is None:
        end = end.replace(tzinfo=CITY_ZONE)
    if not EARLIEST <= end <= now + LATEST:
        end = now
    return chosen, end - SPANS[chosen], end


def moved(start: datetime, end: datetime, *, now: datetime) -> dict[str, str]:
    """Give the ends of the spans before and after one, as an address says them."""
    half = (end - start) / 2
    told = {"earlier": end - half, "later": min(end + half, now)}
    return {name: at.astimezone(CITY_ZONE).strftime("%Y-%m-%dT%H:%M") for name, at in told.items()}


def odd_rows(
    session: Session, streams: Sequence[Datastream], *, start: datetime, end: datetime
) -> list[tuple[Datastream, Any, list[str]]]:
    """Give odd readings with the names of what is odd about each."""
    by_number = {stream.number: stream for stream in streams}
    return [
        (by_number[row.stream], row, [str(f.name).lower() for f in Flag if f & row.flags])
        for row in reading.odd(session, by_number.keys(), start=start, end=end)
    ]


def rule_names(session: Session) -> dict[UUID, RuleEntry]:
    """Give every version of a rule as it was written, by its id."""
    return {one.id: live.entry_of(one) for one in judged.every(session)}
