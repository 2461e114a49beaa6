"""What fell in each hour of many days, for sums that look back further than a day.

An hour is one small number for each stream: fifteen days of 50,000 streams are 72 MB. So a sum
over days begins at a whole hour: it holds the hour that runs, and the whole ones before it.
"""

from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DAY_HOURS = DAY // HOUR
DECIMALS = 2
"""Sums are rounded so far: in which order the same amounts were added must not tell."""


class Hours:
    """The hours of streams, by their rows; the oldest falls out."""

    def __init__(self, rows: int, *, span: timedelta, last: int) -> None:
        self.count = -(-span // HOUR)
        self.last = last
        self._sums = np.zeros((rows, self.count), dtype=np.float32)

    def go_on(self, last: int) -> None:
        """Make room for what falls until the end of that hour."""
        gone = min(last - self.last, self.count)
        if gone <= 0:
            return
        self._sums = np.roll(self._sums, -gone, axis=1)
        self._sums[:, self.count - gone :] = 0.0
        self.last = last

    def add(self, rows: NDArray[np.int64], hours: NDArray[np.int64], amounts: Numbers) -> None:
        """Add amounts to the hours that they fell in."""
        columns = hours - (self.last - self.count + 1)
        fits = (columns >= 0) & (columns < self.count)
        np.add.at(self._sums, (rows[fits], columns[fits]), amounts[fits].astype(np.float32))

    def summed(self, window: timedelta, *, decay: float) -> Numbers:
        """Add up a window that ends now; what fell a day earlier counts `decay` times as much."""
        count = min(self.count, window // HOUR)
        ages = np.arange(count - 1, -1, -1) // DAY_HOURS
        part = self._sums[:, self.count - count :]
        total: Numbers = np.einsum("ij,j->i", part, decay**ages, dtype=np.float64)
        return np.round(total, DECIMALS)
