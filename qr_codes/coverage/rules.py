"""What is counted, what it is a share of, and since when a patrol counts: pure."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from typing import Self

from hazards.checklists.rules import Rhythm

SPANS: dict[Rhythm, timedelta] = {
    Rhythm.HOURLY: timedelta(hours=1),
    Rhythm.TWICE_DAILY: timedelta(hours=12),
    Rhythm.DAILY: timedelta(days=1),
    Rhythm.TWICE_WEEKLY: timedelta(days=4),
    Rhythm.WEEKLY: timedelta(days=7),
    Rhythm.MONTHLY: timedelta(days=31),
    Rhythm.QUARTERLY: timedelta(days=92),
    Rhythm.YEARLY: timedelta(days=366),
}
"""How long one visit lasts, by the rhythm of the kind's list; other lists ask by occasion."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of some assets in use."""

    assets: int = 0
    labelled: int = 0
    mounted: int = 0
    due: int = 0
    patrolled: int = 0

    def __add__(self, other: Self) -> Self:
        """Add the counts of other assets."""
        return type(self)(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    @property
    def labelled_share(self) -> float | None:
        """Give the share of assets that carry a label in force."""
        return share(self.labelled, self.assets)

    @property
    def mounted_share(self) -> float | None:
        """Give the share of printed labels that hang on site."""
        return share(self.mounted, self.labelled)

    @property
    def patrolled_share(self) -> float | None:
        """Give the share of assets with a rhythm that were visited within it."""
        return share(self.patrolled, self.due)


def share(part: int, whole: int) -> float | None:
    """Give a part of a whole; of nothing there is no share."""
    return part / whole if whole else None


def total(of: Iterable[Figures]) -> Figures:
    """Add up."""
    return sum(of, Figures())


def since(rhythms: Iterable[Rhythm], now: datetime) -> datetime | None:
    """Tell since when a visit counts: the list that asks most often decides."""
    spans = [SPANS[rhythm] for rhythm in rhythms if rhythm in SPANS]
    return now - min(spans) if spans else None
