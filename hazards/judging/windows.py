"""What many streams measured in their last day, by ticks of five minutes, in memory.

One column is a tick, one row a stream. Amounts are summed in it, of states the last one counts.
So a tick of 50,000 streams is a few sums over arrays, and a late reading lands where it belongs.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from hazards.judging.rules import TICK, Kind

SPAN = timedelta(hours=24)
SLOTS = SPAN // TICK
LEAST_PATIENCE = timedelta(hours=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Numbers = NDArray[np.float64]


def tick_of(at: datetime) -> int:
    """Give the tick whose end a reading belongs to: (end - 5 min, end]."""
    return -((EPOCH - at) // TICK)


def end_of(tick: int) -> datetime:
    """Give the moment of a tick."""
    return EPOCH + tick * TICK


class Windows:
    """The last day of the streams of one property."""

    def __init__(self, intervals: Mapping[int, timedelta], *, adds: bool, until: datetime) -> None:
        self.streams = np.array(sorted(intervals), dtype=np.int64)
        waits = [max(LEAST_PATIENCE, intervals[n] * 3 / 2) // TICK for n in sorted(intervals)]
        self._patience = np.minimum(np.array(waits, dtype=np.int64), SLOTS)
        self.adds = adds
        self.last = tick_of(until)
        self._values = np.full((len(intervals), SLOTS), np.nan)

    def go_on(self, until: datetime) -> None:
        """Make room for what comes until then; the oldest falls out."""
        steps = tick_of(until) - self.last
        if steps <= 0:
            return
        gone = min(steps, SLOTS)
        self._values = np.roll(self._values, -gone, axis=1)
        self._values[:, SLOTS - gone :] = np.nan
        self.last += steps

    def add(self, streams: NDArray[np.int64], ticks: NDArray[np.int64], values: Numbers) -> None:
        """Add believed readings in the order of their moments; what is out of the day falls out."""
        columns = ticks - (self.last - SLOTS + 1)
        rows = np.searchsorted(self.streams, streams)
        rows = np.minimum(rows, len(self.streams) - 1)
        fits = (columns >= 0) & (columns < SLOTS)
        if len(self.streams):
            fits &= self.streams[rows] == streams
        rows, columns, values = rows[fits], columns[fits], values[fits]
        if self.adds:
            fresh = np.isnan(self._values[rows, columns])
            self._values[rows[fresh], columns[fresh]] = 0.0
            np.add.at(self._values, (rows, columns), values)
        else:
            self._values[rows, columns] = values

    def speaks(self) -> NDArray[np.bool_]:
        """Tell which streams have said anything lately: silence must not end a warning."""
        behind = np.arange(SLOTS - 1, -1, -1)
        there = ~np.isnan(self._values) & (behind[None, :] < self._patience[:, None])
        spoken: NDArray[np.bool_] = there.any(axis=1)
        return spoken

    def measured(self, kind: Kind, window: timedelta) -> Numbers:
        """Give what each stream measured in the window that ends now; NaN for nothing."""
        part = self._values[:, SLOTS - min(SLOTS, window // TICK) :]
        if kind is Kind.SUM:
            summed: Numbers = np.where(np.isnan(part).all(axis=1), np.nan, np.nansum(part, axis=1))
            return summed
        last = _last(part)
        if kind is Kind.VALUE:
            return last
        return last - _last(part[:, ::-1])


def _last(part: Numbers) -> Numbers:
    """Give the last number of each row that is one."""
    if not part.shape[1]:
        return np.full(len(part), np.nan)
    there = ~np.isnan(part)
    at = part.shape[1] - 1 - np.argmax(there[:, ::-1], axis=1)
    found: Numbers = np.where(there.any(axis=1), part[np.arange(len(part)), at], np.nan)
    return found
