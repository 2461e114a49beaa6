"""A stream's chart with what it is judged by: readings or running sums, and the steps of rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

import numpy as np
from sqlalchemy.orm import Session

from gis.areas.placing import CITY_ZONE
from hazards.alerts.rules import Colour
from hazards.judging import history, live
from hazards.judging import repository as judged
from hazards.judging.files import RuleEntry
from hazards.judging.history import Stretch
from hazards.judging.rules import Kind, Rule
from hazards.monitoring import properties, reading
from hazards.monitoring.models import Datastream, MonitoringPoint, ObservedProperty
from hazards.monitoring.reading import Slot
from rescue_app.web import chart
from rescue_app.web.chart import Chart, Level, Span

MOST_SLOTS, MOST_FINE = 240, 20_000
FINE = 12
WARNED = "生效预警", "Warnings in force"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Over:
    """Over which span amounts are added up, each day back counting `decay` times."""

    window: timedelta
    decay: float = 1.0

    @property
    def code(self) -> str:
        """Give it as an address says it."""
        hours = f"{self.window / timedelta(hours=1):g}"
        return hours if self.decay == 1 else f"{hours}x{self.decay:g}"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A stream with its chart, the spans it can be summed over, and every step it is held to."""

    stream: Datastream
    property: ObservedProperty
    chart: Chart
    total: float
    over: Over | None
    overs: Sequence[Over]
    levels: Sequence[Level]
    slots: Sequence[Slot]
    span: Span


def charts(
    session: Session, streams: Sequence[Datastream], *, start: datetime, end: datetime, over: str
) -> list[Drawn]:
    """Draw each stream over a span, in slots that are no finer than its readings come."""
    known = {one.code: one for one in properties.listed(session)}
    entries = [live.entry_of(one) for one in judged.in_force(session)]
    made = []
    for stream in streams:
        mine = [one for one in entries if one.property == stream.property]
        overs = sorted({one for entry in mine for one in overs_of(entry.rule())})
        chosen = next((one for one in overs if one.code == over), None)
        span = Span(start, end, slots_of(stream, start, end))
        slots = _slots(session, stream, span, chosen)
        levels = [one for entry in mine for one in levels_of(entry, stream, chosen)]
        levels.sort(key=lambda one: -one.value)
        adds = known[stream.property].adds and chosen is None
        picture = chart.drawn(slots, span, adds=adds, zone=CITY_ZONE, levels=levels)
        total = sum(one.total or 0.0 for one in slots)
        made.append(Drawn(stream, known[stream.property], picture, total, chosen, overs, levels,
                          slots, span))  # fmt: skip
    return made


def slots_of(stream: Datastream, start: datetime, end: datetime) -> int:
    """Give into how many slots a span is cut."""
    return max(1, min(MOST_SLOTS, int((end - start).total_seconds() // stream.interval_s)))


def overs_of(rule: Rule) -> set[Over]:
    """Give the spans that a rule adds up over."""
    if rule.kind is not Kind.SUM:
        return set()
    return {Over(step.window, rule.decay if step.window > DAY else 1.0) for step in rule.steps}


def levels_of(entry: RuleEntry, stream: Datastream, over: Over | None) -> list[Level]:
    """Give the steps of a rule that stand at a height of this chart."""
    rule, name = entry.rule(), (entry.name.zh, entry.name.en)
    if rule.kind is Kind.SUM:
        if over not in overs_of(rule):
            return []
        return [
            Level(s.at, s.colour, *name) for s in rule.steps if over and s.window == over.window
        ]
    if rule.kind is Kind.OVER:
        marks = stream.marks
        return [Level(marks[s.mark] + s.at, s.colour, *name) for s in rule.steps if s.mark in marks]
    return [Level(s.at, s.colour, *name) for s in rule.steps if rule.kind is Kind.VALUE]


def _slots(session: Session, stream: Datastream, span: Span, over: Over | None) -> list[Slot]:
    number = stream.number
    if over is None:
        found = reading.series(session, [number], start=span.start, end=span.end, slots=span.slots)
        return found[number]
    whole = span.end - span.start + over.window
    interval = timedelta(seconds=stream.interval_s)
    step = max(interval, min(over.window / FINE, span.step), whole / MOST_FINE)
    before, inside = -(-over.window // step), -(-(span.end - span.start) // step)
    first = span.end - (before + inside) * step
    fine = reading.series(session, [number], start=first, end=span.end, slots=before + inside)[
        number
    ]
    return running(fine, before=before, inside=inside, slots=span.slots, step=step, over=over)


def running(
    fine: Sequence[Slot], *, before: int, inside: int, slots: int, step: timedelta, over: Over
) -> list[Slot]:
    """Add up amounts over a window that ends with each fine slot; give the most of each slot."""
    amounts, there = np.zeros(before + inside), np.zeros(before + inside, dtype=bool)
    for one in fine:
        amounts[one.slot] = one.total or 0.0
        there[one.slot] = one.mean is not None
    summed, spoken = np.zeros(inside), np.zeros(inside, dtype=bool)
    sums, counts = np.concatenate([[0.0], amounts.cumsum()]), np.concatenate([[0], there.cumsum()])
    ends = np.arange(before + 1, before + inside + 1)
    day = max(1, round(DAY / step))
    for n, age in enumerate(range(0, before, day)):
        newer, older = ends - age, ends - min(age + day, before)
        summed += over.decay**n * (sums[newer] - sums[older])
        spoken |= counts[newer] > counts[older]
    drawn = np.arange(inside) * slots // inside
    return [
        Slot(slot, min(values), max(values), max(values), None, 0)
        for slot, group in groupby(zip(drawn.tolist(), summed.tolist(), spoken.tolist(),
                                       strict=True), key=lambda row: row[0])
        if (values := [value for _, value, heard in group if heard])
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lane:
    """What stood by a rule, or was warned of, as one lane above the charts it belongs to."""

    property: str
    """Empty: above every chart."""
    zh: str
    en: str
    stretches: Sequence[Stretch]


def lanes(
    session: Session, station: MonitoringPoint, *, start: datetime, end: datetime
) -> list[Lane]:
    """Give what stood at a station over a span, rule by rule, and what was warned of there."""
    entries = {one.code: live.entry_of(one) for one in judged.every(session)}
    stood = history.stood(session, [station.id], start=start, end=end)
    made = [
        Lane(entries[code].property, entries[code].name.zh, entries[code].name.en, found)
        for (_, code), found in sorted(stood.items(), key=lambda one: one[0][1])
    ]
    warned = [
        Stretch(
            max(one.onset_at or start, start), min(one.ended_at or one.expires_at, end),
            Colour(one.colour), f"{one.headline_zh} · {one.where_zh}",
            f"{one.headline_en} · {one.where_en}",
        )
        for one in history.warned(session, station, start=start, end=end)
    ]  # fmt: skip
    return [*made, *([Lane("", *WARNED, warned)] if warned else [])]
