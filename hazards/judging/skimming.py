"""Which ticks of a past need no look, whatever is made of them: a year is 105,000 of them.

At a tick where nothing reaches more than what stands, and what stands is held, nothing changes.
That is told for all ticks at once by sums over arrays, and never wrongly: where a number lies so
near a step that rounding might decide, the tick is looked at as it would be live.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from hazards.judging.hours import DAY_HOURS, HOUR
from hazards.judging.memory import MICROSECOND
from hazards.judging.repository import Readings
from hazards.judging.rules import BY_RANK, RANK, TICK, Kind, Rule, Step
from hazards.judging.windows import HOUR_TICKS, SPAN, Numbers, Windows

NEAR = 0.02
"""Sums over days are rounded to a hundredth; this is more than rounding can do."""
Ticks = NDArray[np.int64]


def steady(
    rule: Rule, windows: Mapping[str, Windows], rows: Readings, *, first: int, last: int
) -> NDArray[np.bool_]:
    """Tell, for each rank that may stand, at which ticks it stays as it is; a row for each rank."""
    ticks = np.arange(first, last + 1)
    reached, kept = np.zeros(len(ticks), dtype=np.int8), np.zeros(len(ticks), dtype=np.int8)
    for held, row in _rows(windows.get(rule.property)):
        series = Series(held, row, rows, first - rule.longest() // TICK - HOUR_TICKS, last)
        awake = series.age(ticks) < held.patience[row]
        for step in rule.steps:
            rank = np.int8(RANK[step.colour])
            measured = series.measured(rule, step, ticks)
            full, eased = rule.least(step, eased=False), rule.least(step, eased=True)
            np.maximum(reached, rank * (measured >= full - NEAR), out=reached)
            np.maximum(kept, rank * (awake & (measured >= eased + NEAR)), out=kept)
    # Where several must agree, or another has a voice, one stream alone holds nothing.
    holds = rule.agree == 1 and rule.second is None
    ranks = np.arange(len(BY_RANK))[:, None]
    told: NDArray[np.bool_] = (reached <= ranks) & ((ranks == 0) | (holds & (kept >= ranks)))
    return told


def _rows(held: Windows | None) -> Iterator[tuple[Windows, int]]:
    if held is not None:
        yield from ((held, row) for row in range(len(held.streams)))


class Series:
    """One stream's past, a number for each tick from `origin` on."""

    def __init__(self, held: Windows, row: int, rows: Readings, origin: int, last: int) -> None:
        self._origin = origin
        self._held, self._row = held, row
        mine = rows[rows["stream"] == held.streams[row]]
        at = -(-mine["at"].astype(np.int64) // (TICK // MICROSECOND)) - origin
        fits = (at >= 0) & (at <= last - origin)
        at, values = at[fits], mine["value"].astype(np.float64)[fits]
        size = last - origin + 1
        self.there = np.zeros(size, dtype=bool)
        self.there[at] = True
        self.values = np.zeros(size)
        if held.adds:
            np.add.at(self.values, at, values)
        else:
            self.values[at] = values
        places = np.arange(size)
        self._last = np.maximum.accumulate(np.where(self.there, places, -1))
        following = np.where(self.there, places, size)
        self._next = np.minimum.accumulate(following[::-1])[::-1]
        self._sums = np.concatenate([[0.0], self.values.cumsum()])

    def age(self, ticks: Ticks) -> Ticks:
        """Give how many ticks ago something was said; more than any patience for never."""
        last = self._last[ticks - self._origin]
        aged: Ticks = np.where(last < 0, np.iinfo(np.int64).max, ticks - self._origin - last)
        return aged

    def measured(self, rule: Rule, step: Step, ticks: Ticks) -> Numbers:
        """Give what is held against a step at each tick; NaN for nothing."""
        if rule.kind is Kind.SUM:
            if step.window > SPAN:
                return self._over_days(step.window, rule.decay, ticks)
            ends = ticks - self._origin + 1
            total: Numbers = self._sums[ends] - self._sums[ends - step.window // TICK]
            return total
        at, width = ticks - self._origin, min(step.window, SPAN) // TICK
        last, first = self._last[at], self._next[at - width + 1]
        value = np.where(last > at - width, self.values[last], np.nan)
        if rule.kind is Kind.RATE:
            return value - self.values[np.minimum(first, len(self.values) - 1)]
        return value - self._held.mark_of(self._row, step.mark)

    def _over_days(self, window: timedelta, decay: float, ticks: Ticks) -> Numbers:
        """Add up whole hours back from the one that runs, as the live hours do."""
        behind = -(-ticks // HOUR_TICKS) * HOUR_TICKS - ticks
        whole = ticks - self._origin + 1 + behind - HOUR_TICKS  # where the running hour began
        total: Numbers = self._sums[ticks - self._origin + 1] - self._sums[whole]
        hours = window // HOUR
        for day in range(-(-hours // DAY_HOURS)):
            newer = 0 if day == 0 else DAY_HOURS * day - 1
            older = min(DAY_HOURS * (day + 1), hours) - 1
            part = self._sums[whole - newer * HOUR_TICKS] - self._sums[whole - older * HOUR_TICKS]
            total = total + decay**day * part
        return total
