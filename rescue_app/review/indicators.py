"""Indicators as data: a formula out of a small vocabulary, a level, a target. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from gis.errors import Rejected
from rescue_app.review.rules import Leg, Spread, Tally

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


def value(
    wanted: Formula,
    tallies: Mapping[str, Tally],
    times: Mapping[str, Mapping[Leg, Spread]],
) -> float | None:
    """Read an indicator off what was counted, in minutes or per cent; of nothing there is none."""
    counted = tallies.get(wanted.level)
    if isinstance(wanted.of, Part):
        return _share(wanted.of, counted) if counted and counted.given else None
    took = times.get(wanted.level, {}).get(wanted.of)
    return None if took is None else getattr(took, wanted.figure).total_seconds() / 60


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
