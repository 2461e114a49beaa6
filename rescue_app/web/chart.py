"""Draws a series as SVG: what a page shows without a script, prints, and reads out. Pure.

Amounts (rain) are bars of what fell in each slot. States (a level) are a line of means, and a
stroke from least to most. Where nothing came the line has a gap: nothing is never drawn as zero.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hazards.monitoring.reading import Slot

WIDTH, HEIGHT = 720, 220
LEFT, RIGHT, TOP, BOTTOM = 52, 8, 10, 26
SPARK_WIDTH, SPARK_HEIGHT = 120, 28
TICKS = 4
NEAR = 0.15
STEPS = (1, 2, 2.5, 5, 10)
SPANS = tuple(
    timedelta(hours=hours) for hours in (1, 2, 3, 6, 12, 24, 48, 96, 168, 336, 720, 2160, 8760)
)


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of amounts, in pixels, with what it says."""

    x: float
    y: float
    width: float
    height: float
    value: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Level:
    """A height at which a rule gives a colour, and the rule's name."""

    value: float
    colour: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Line:
    """A level that lies within the picture, in pixels."""

    at: float
    level: Level


@dataclass(frozen=True, slots=True)
class Chart:
    """What a template draws. Coordinates are pixels from the top left."""

    spots: Sequence[Bar]
    """Bars of amounts; of states only where a person looks with the pointer."""
    line: str
    band: str
    odd: Sequence[Tick]
    across: Sequence[Tick]
    up: Sequence[Tick]
    lines: Sequence[Line]
    adds: bool
    empty: bool


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when, in how many slots."""

    start: datetime
    end: datetime
    slots: int

    @property
    def step(self) -> timedelta:
        """Give the length of a slot."""
        return (self.end - self.start) / self.slots

    def x(self, at: datetime) -> float:
        """Give where a moment lies in the picture."""
        return round(LEFT + (at - self.start) / (self.end - self.start) * (WIDTH - LEFT - RIGHT), 1)

    def at(self, slot: int) -> datetime:
        """Give when a slot begins."""
        return self.start + slot * self.step


@dataclass(frozen=True, slots=True)
class Frame:
    """Where in the picture a slot and a value lie."""

    span: Span
    low: float
    high: float

    @property
    def wide(self) -> float:
        """Give the width of a slot."""
        return (WIDTH - LEFT - RIGHT) / self.span.slots

    def x(self, slot: float) -> float:
        """Give the place of a slot's beginning, or of a part of it."""
        return round(LEFT + slot * self.wide, 1)

    def y(self, value: float) -> float:
        """Give the height of a value."""
        return round(
            TOP + (self.high - value) / (self.high - self.low) * (HEIGHT - TOP - BOTTOM), 1
        )

    def spot(self, one: Slot, value: float) -> Bar:
        """Give a value as a bar that stands on zero, or on the picture's foot."""
        top, foot = self.y(value), self.y(max(self.low, 0.0))
        wide = max(1.0, round(self.wide - 1, 1))
        at = self.span.start + one.slot * self.span.step
        return Bar(self.x(one.slot), top, wide, max(0.0, round(foot - top, 1)), value, at)


def drawn(
    slots: Sequence[Slot],
    span: Span,
    *,
    adds: bool,
    zone: ZoneInfo,
    levels: Sequence[Level] = (),
) -> Chart:
    """Draw a series, with the levels that lie near it."""
    told = [one for one in slots if one.mean is not None]
    least, most = _bounds(told, adds=adds)
    near = _near(levels, least, most)
    heights = [one.value for one in near]
    up = _nice(min([least, *heights]), max([most, *heights]))
    frame = Frame(span, up[0], up[-1])
    middles = [(one.slot, frame.x(one.slot + 0.5), frame.y(one.mean or 0.0)) for one in told]
    return Chart(
        spots=[frame.spot(one, _said(one, adds)) for one in told],
        line="" if adds else _path(middles),
        band="" if adds else _band(told, frame),
        odd=[Tick(frame.x(one.slot + 0.5), str(one.odd)) for one in slots if one.odd],
        across=_times(frame, zone),
        up=[Tick(frame.y(value), f"{value:g}") for value in up],
        lines=[Line(frame.y(one.value), one) for one in near],
        adds=adds,
        empty=not slots,
    )


def _near(levels: Sequence[Level], least: float, most: float) -> list[Level]:
    """Give levels that can be shown without flattening the series, and the next one above it."""
    room = max(most - least, abs(most) * NEAR)
    above = sorted({one.value for one in levels if one.value > most})[:1]
    return [one for one in levels if least - room <= one.value <= most + room or one.value in above]


def common_bounds(series: Iterable[Sequence[Slot]], *, adds: bool) -> tuple[float, float]:
    """Give the bounds in which several series stand on one scale."""
    return _bounds([one for slots in series for one in slots], adds=adds)


def spark(
    slots: Sequence[Slot], *, of: int, adds: bool, bounds: tuple[float, float] | None = None
) -> str:
    """Draw a series as one small path, amounts as needles; in its own bounds or in given ones."""
    told = [one for one in slots if one.mean is not None]
    least, most = bounds or _bounds(told, adds=adds)
    high, tall = (most - least) or 1.0, SPARK_HEIGHT - 2
    places = [
        (
            one.slot,
            round((one.slot + 0.5) * SPARK_WIDTH / of, 1),
            round(1 + (1 - (_said(one, adds) - least) / high) * tall, 1),
        )
        for one in told
    ]
    return "".join(f"M{x} {SPARK_HEIGHT}V{y}" for _, x, y in places) if adds else _path(places)


def _said(one: Slot, adds: bool) -> float:
    return (one.total if adds else one.mean) or 0.0


def _bounds(slots: Sequence[Slot], *, adds: bool) -> tuple[float, float]:
    if adds:
        return 0.0, max((one.total or 0.0 for one in slots), default=0.0)
    lows = [one.low for one in slots if one.low is not None]
    highs = [one.high for one in slots if one.high is not None]
    return min(lows, default=0.0), max(highs, default=0.0)


def _nice(least: float, most: float) -> list[float]:
    """Give marks at round values from at most `least` to at least `most`, at least two."""
    width = (most - least) or max(abs(most), 1.0)
    rough = width / TICKS
    tens = 10.0 ** math.floor(math.log10(rough))
    step = tens * next(one for one in STEPS if one * tens >= rough * 0.999)
    first, last = math.floor(least / step), math.ceil(most / step)
    return [round(n * step, 10) for n in range(first, max(last, first + 1) + 1)]


def _path(places: Sequence[tuple[int, float, float]]) -> str:
    """Join neighbours; where slots are missing the pen is lifted."""
    parts: list[str] = []
    before: int | None = None
    for slot, x, y in places:
        parts.append(f"{'L' if before is not None and slot - before <= 2 else 'M'}{x} {y}")
        before = slot
    return "".join(parts)


def _band(told: Sequence[Slot], frame: Frame) -> str:
    """Draw from least to most where a slot holds several."""
    return "".join(
        f"M{frame.x(one.slot + 0.5)} {frame.y(one.high)}V{frame.y(one.low)}"
        for one in told
        if one.high is not None and one.low is not None and one.high != one.low
    )


def _times(frame: Frame, zone: ZoneInfo) -> list[Tick]:
    """Give marks at round hours or days of the city's clock."""
    span = frame.span
    whole = span.end - span.start
    every = next((one for one in SPANS if whole / one <= 8), SPANS[-1])
    first = span.start.astimezone(zone)
    at = first.replace(hour=0, minute=0, second=0, microsecond=0)
    form = "%H:%M" if every < timedelta(days=1) else "%m-%d"
    marks: list[Tick] = []
    while at < span.end:
        if at >= first:
            text = at.strftime("%m-%d" if at.hour == 0 and at.minute == 0 else form)
            marks.append(Tick(frame.x((at - span.start) / span.step), text))
        at += every
    return marks
