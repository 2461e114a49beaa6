"""Indicators as data: a formula out of a small vocabulary, a level, a target. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gis.errors import Rejected
from rescue_app.review.rules import MEMBER, Hop, Leg, Tally, spreads, tally

ALL = "all"
MOST_MINUTES = 10_080
PERCENT = 100


class Figure(StrEnum):
    """What is worked out: a time in minutes, or a share of the hops in per cent."""

    MEDIAN = "median"
    P90 = "p90"
    WORST = "worst"
    SHARE = "share"


class Part(StrEnum):
    """Which hops a share counts, of those that were given."""

    REACHED = "reached"
    ANSWERED = "answered"
    IN_TIME = "in_time"
    SILENT = "silent"
    CLIMBED_OVER = "climbed_over"
    CANNOT = "cannot"
    ARRIVED = "arrived"
    DONE = "done"


AT_MOST = frozenset({Part.SILENT, Part.CLIMBED_OVER, Part.CANNOT})
"""Shares that are the better the smaller they are; so are all times."""


@dataclass(frozen=True, slots=True)
class Formula:
    """One indicator as it is worked out: the figure, of what, on which level."""

    figure: Figure
    of: Leg | Part
    level: str = ALL

    @property
    def is_share(self) -> bool:
        """Tell per cent from minutes."""
        return self.figure is Figure.SHARE

    @property
    def at_most(self) -> bool:
        """Tell whether the target is a ceiling."""
        return not self.is_share or self.of in AT_MOST


def formula(figure: str, of: str, level: str) -> Formula:
    """Read a formula; a word that the vocabulary does not know is a slip."""
    try:
        kind = Figure(figure)
        return Formula(kind, Part(of) if kind is Figure.SHARE else Leg(of), level)
    except ValueError:
        raise Rejected(
            "“{figure} {of}” is no formula that a review knows.", figure=figure, of=of
        ) from None


def value(wanted: Formula, levels: Mapping[str, Sequence[Hop]], *, now: datetime) -> float | None:
    """Work an indicator out, in minutes or per cent; of nothing there is no value."""
    everyone = [hop for level, hops in levels.items() if level != MEMBER for hop in hops]
    hops = everyone if wanted.level == ALL else levels.get(wanted.level, ())
    if not hops:
        return None
    if isinstance(wanted.of, Part):
        return _share(wanted.of, tally(hops, now=now))
    times = spreads(hops).get(wanted.of)
    return None if times is None else getattr(times, wanted.figure).total_seconds() / 60


def _share(part: Part, counted: Tally) -> float:
    share: float = PERCENT * getattr(counted, part) / counted.given
    return share


def met(wanted: Formula, found: float | None, target: float) -> bool | None:
    """Tell whether a target is met; of no value nobody knows."""
    if found is None:
        return None
    return found <= target if wanted.at_most else found >= target


def checked_target(wanted: Formula, target: float) -> float:
    """Refuse a target that nothing could meet or miss."""
    most = PERCENT if wanted.is_share else MOST_MINUTES
    if not 0 <= target <= most:
        raise Rejected("A target lies between 0 and {most}.", most=most)
    return target
