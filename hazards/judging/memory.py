"""What streams measured lately, in the worker's memory, filled and followed from the database.

What is in memory is never the truth: the last day of all streams is made anew each hour and when
a rule or a stream changed; the hours of the days before, where a rule asks for them, each day.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from hazards.judging import repository
from hazards.judging.repository import Readings, Stream
from hazards.judging.rules import TICK, Rule
from hazards.judging.windows import EPOCH, SPAN, Numbers, Windows
from hazards.monitoring import properties

OVERLAP = timedelta(minutes=2)
"""Readings heard so shortly before the last look are asked for again: their transactions may
have ended after it."""
ANEW = timedelta(hours=1)
DAYS_ANEW = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)
Spans = Mapping[str, timedelta]
"""How far back the rules look, by property."""


def spans_of(rules: Collection[Rule]) -> Spans:
    """Give how far back rules look: a day at least."""
    spans: dict[str, timedelta] = {}
    for rule in [one for given in rules for one in (given, given.second) if one]:
        spans[rule.property] = max(spans.get(rule.property, SPAN), rule.longest())
    return spans


def empty(
    session: Session, streams: Sequence[Stream], spans: Spans, *, until: datetime
) -> tuple[dict[str, Windows], dict[int, UUID]]:
    """Give windows for streams, with nothing in them yet, and where each stream measures."""
    adds = {one.code: one.adds for one in properties.listed(session)}
    by_property: dict[str, list[Stream]] = {}
    for one in streams:
        by_property.setdefault(one.property, []).append(one)
    windows = {
        of: Windows(
            {one.number: timedelta(seconds=one.interval_s) for one in them},
            adds=adds[of], until=until, span=spans[of], marks=_marks(them),
        ) for of, them in by_property.items()
    }  # fmt: skip
    return windows, {one.number: one.point_id for one in streams}


def _marks(streams: Sequence[Stream]) -> dict[str, dict[int, float]]:
    found: dict[str, dict[int, float]] = {}
    for one in streams:
        for mark, value in one.marks.items():
            found.setdefault(mark, {})[one.number] = value
    return found


def pour(windows: Windows, rows: Readings) -> None:
    """Add readings to the last day; those of other properties fall through."""
    windows.add(*_columns(rows))


def pour_days(windows: Windows, rows: Readings) -> None:
    """Add readings to the hours of the days, where these are kept."""
    windows.add_hours(*_columns(rows))


def _columns(rows: Readings) -> tuple[NDArray[np.int64], NDArray[np.int64], Numbers]:
    ticks = -(-rows["at"].astype(np.int64) // (TICK // MICROSECOND))
    return rows["stream"].astype(np.int64), ticks, rows["value"].astype(np.float64)


class Ear:
    """Hears each reading once, and those of the tick that runs only when it is over."""

    def __init__(self) -> None:
        self._heard: datetime = EPOCH
        self._known: set[tuple[int, int]] = set()
        self._early: Readings = np.empty(0, repository.ROW)

    def listen(
        self, session: Session, *, at: datetime, now: datetime, back: timedelta
    ) -> Iterator[Readings]:
        """Give what is there up to a tick and was not given yet; all of it has to be taken.

        At first that is the last day, hour by hour: 50,000 streams have said 72 million things.
        """
        first = self._heard == EPOCH
        since = None if first else self._heard - OVERLAP
        recent, keys = (now - 2 * OVERLAP - EPOCH) // MICROSECOND, set()
        for observed in hourly(at - SPAN, now) if first else [(at - back, now)]:
            rows = repository.readings(session, observed=observed, heard_after=since)
            keys |= _keys(rows[rows["heard"] > recent])
            waiting = np.concatenate([self._early, self._unknown(rows)])
            waiting = waiting[np.argsort(waiting["at"], kind="stable")]
            due = waiting["at"] <= (at - EPOCH) // MICROSECOND
            self._early = waiting[~due]
            yield waiting[due]
        self._known, self._heard = keys, now

    def _unknown(self, rows: Readings) -> Readings:
        if not self._known:
            return rows
        told = zip(rows["stream"].tolist(), rows["at"].tolist(), strict=True)
        fresh: Readings = rows[np.array([key not in self._known for key in told], dtype=bool)]
        return fresh


def _keys(rows: Readings) -> set[tuple[int, int]]:
    return set(zip(rows["stream"].tolist(), rows["at"].tolist(), strict=True))


def hourly(first: datetime, last: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Part a span into hours."""
    while first < last:
        yield first, min(first + ANEW, last)
        first += ANEW


class Memory:
    """The windows of all streams that rules in force judge."""

    def __init__(self) -> None:
        self.windows: dict[str, Windows] = {}
        self.points: dict[int, UUID] = {}
        self._made_of: object = None
        self._made_at: datetime = EPOCH
        self._days_of: object = None
        self._days_at: datetime = EPOCH
        self._near, self._far = Ear(), Ear()

    def follow(
        self, session: Session, rules: Collection[Rule], *, at: datetime, now: datetime
    ) -> None:
        """Bring the windows to what is known now about all up to a tick."""
        spans = spans_of(rules)
        streams = repository.streams_of(session, spans)
        made_of = spans, sorted(one.as_made() for one in streams)
        before = self.windows
        anew = made_of != self._made_of or now - self._made_at >= ANEW
        if anew:
            self.windows, self.points = empty(session, streams, spans, until=at)
            self._near = Ear()
        for windows in self.windows.values():
            windows.go_on(at)
        self._follow_days(session, before, anew=anew, at=at, now=now)
        for rows in self._near.listen(session, at=at, now=now, back=SPAN):
            for windows in self.windows.values():
                pour(windows, rows)
        if anew:  # only now: what broke off in between is begun anew
            self._made_of, self._made_at = made_of, now

    def _follow_days(
        self, session: Session, before: Mapping[str, Windows], *, anew: bool, at: datetime,
        now: datetime,
    ) -> None:  # fmt: skip
        held = {of: one for of, one in self.windows.items() if one.hours is not None}
        back = max((one.span for one in held.values()), default=SPAN)
        made_of = {of: (one.span, one.streams.tolist()) for of, one in held.items()}
        # Only into windows made just now: into others the days would be added a second time.
        days_anew = anew and (made_of != self._days_of or now - self._days_at >= DAYS_ANEW)
        if days_anew:
            self._days_of, self._far = None, Ear()
            for one in held.values():
                span = at - one.span - TICK, at - SPAN
                pour_days(one, repository.hours(session, observed=span, streams=one.streams))
        elif anew:
            for of, one in held.items():
                one.take_hours(before[of])
        if held:
            for rows in self._far.listen(session, at=at, now=now, back=back):
                for one in held.values():
                    pour_days(one, rows)
        if days_anew:
            self._days_of, self._days_at = made_of, now
