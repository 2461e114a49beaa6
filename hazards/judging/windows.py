"""What many streams measured in their last day, by ticks of five minutes, in memory.

One column is a tick, one row a stream. Amounts are summed in it, of states the last one counts.
So a tick of 50,000 streams is a few sums over arrays, and a late reading lands where it belongs.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from hazards.judging.hours import HOUR, Hours
from hazards.judging.rules import TICK, Kind, Look

SPAN = timedelta(hours=24)
SLOTS = SPAN // TICK
HOUR_TICKS = HOUR // TICK
LEAST_PATIENCE = timedelta(hours=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Numbers = NDArray[np.float64]


def tick_of(at: datetime) -> int:
    """Give the tick whose end a reading belongs to: (end - 5 min, end]."""
    return -((EPOCH - at) // TICK)


def end_of(tick: int) -> datetime:
    """Give the moment of a tick."""
    return EPOCH + tick * TICK


def hour_of(tick: int) -> int:
    """Give the hour that a tick lies in, counted as ticks are."""
    return -(-tick // HOUR_TICKS)


class Windows:
    """The last day of the streams of one property; where rules ask for it, the days before."""

    def __init__(
        self,
        intervals: Mapping[int, timedelta],
        *,
        adds: bool,
        until: datetime,
        span: timedelta = SPAN,
        marks: Mapping[str, Mapping[int, float]] | None = None,
    ) -> None:
        self.streams = np.array(sorted(intervals), dtype=np.int64)
        waits = [max(LEAST_PATIENCE, intervals[n] * 3 / 2) // TICK for n in sorted(intervals)]
        self.patience = np.minimum(np.array(waits, dtype=np.int64), SLOTS)
        self.adds = adds
        self.last = tick_of(until)
        self._values = np.full((len(intervals), SLOTS), np.nan)
        last, self.span = hour_of(self.last), span
        self.hours = Hours(len(intervals), span=span, last=last) if adds and span > SPAN else None
        self._marks = {
            mark: np.array([of.get(n, np.nan) for n in self.streams.tolist()], dtype=np.float64)
            for mark, of in (marks or {}).items()
        }

    def go_on(self, until: datetime) -> None:
        """Make room for what comes until then; the oldest falls out."""
        steps = tick_of(until) - self.last
        if steps <= 0:
            return
        gone = min(steps, SLOTS)
        self._values = np.roll(self._values, -gone, axis=1)
        self._values[:, SLOTS - gone :] = np.nan
        self.last += steps
        if self.hours is not None:
            self.hours.go_on(hour_of(self.last))

    def add(self, streams: NDArray[np.int64], ticks: NDArray[np.int64], values: Numbers) -> None:
        """Add believed readings in the order of their moments; what is out of the day falls out."""
        known, rows = self._rows(streams)
        rows, ticks, values = rows[known], ticks[known], values[known]
        columns = ticks - (self.last - SLOTS + 1)
        fits = (columns >= 0) & (columns < SLOTS)
        rows, columns, values = rows[fits], columns[fits], values[fits]
        if self.adds:
            fresh = np.isnan(self._values[rows, columns])
            self._values[rows[fresh], columns[fresh]] = 0.0
            np.add.at(self._values, (rows, columns), values)
        else:
            self._values[rows, columns] = values

    def add_hours(
        self, streams: NDArray[np.int64], ticks: NDArray[np.int64], amounts: Numbers
    ) -> None:
        """Add amounts to the hours of the days, where these are kept."""
        if self.hours is not None:
            known, rows = self._rows(streams)
            self.hours.add(rows[known], -(-ticks[known] // HOUR_TICKS), amounts[known])

    def take_hours(self, before: "Windows") -> None:
        """Go on with the hours that windows of the same streams held before."""
        self.hours = before.hours
        if self.hours is not None:
            self.hours.go_on(hour_of(self.last))

    def _rows(self, streams: NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Tell which of these streams are here, and in which row each."""
        if not len(self.streams):
            return np.zeros(len(streams), dtype=bool), np.zeros(len(streams), dtype=np.int64)
        rows = np.minimum(np.searchsorted(self.streams, streams), len(self.streams) - 1)
        return self.streams[rows] == streams, rows

    def speaks(self) -> NDArray[np.bool_]:
        """Tell which streams have said anything lately: silence must not end a warning."""
        if not len(self.streams):
            return np.zeros(0, dtype=bool)
        longest = int(self.patience.max())
        behind = np.arange(longest - 1, -1, -1)
        there = ~np.isnan(self._values[:, SLOTS - longest :])
        there &= behind[None, :] < self.patience[:, None]
        spoken: NDArray[np.bool_] = there.any(axis=1)
        return spoken

    def mark_of(self, row: int, mark: str) -> float:
        """Give a stream's mark; no mark is zero."""
        return float(self._marks[mark][row]) if mark in self._marks else 0.0 if not mark else np.nan

    def measured(self, kind: Kind, look: Look, *, decay: float = 1.0) -> Numbers:
        """Give what each stream measured in the window that ends now; NaN for nothing."""
        window, mark = look
        if kind is Kind.SUM and self.hours is not None and window > SPAN:
            return self.hours.summed(window, decay=decay)
        part = self._values[:, SLOTS - min(SLOTS, window // TICK) :]
        if kind is Kind.SUM:
            summed: Numbers = np.where(np.isnan(part).all(axis=1), np.nan, np.nansum(part, axis=1))
            return summed
        last = _last(part)
        if kind is Kind.VALUE:
            return last
        if kind is Kind.OVER:
            return last - self._marks.get(mark, np.full(len(last), np.nan))
        return last - _last(part[:, ::-1])


def _last(part: Numbers) -> Numbers:
    """Give the last number of each row that is one."""
    if not part.shape[1]:
        return np.full(len(part), np.nan)
    there = ~np.isnan(part)
    at = part.shape[1] - 1 - np.argmax(there[:, ::-1], axis=1)
    found: Numbers = np.where(there.any(axis=1), part[np.arange(len(part)), at], np.nan)
    return found
