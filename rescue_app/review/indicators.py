"""Indicators as data: a formula out of a small vocabulary, a level, a target. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from gis.errors import Rejected
from rescue_app.review import owing
from rescue_app.review.rules import Hop, Leg, Tally, spread

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


@dataclass(frozen=True, slots=True)
class Found:
    """What a night gives: measured on `counted` of the `owed`; `met` is empty where none owes it.

    A silent one is among those that owed a time, and `met` takes it for later than all others.
    """

    value: float | None
    counted: int
    owed: int
    met: bool | None


def formula(figure: str, of: str, level: str) -> Formula:
    """Read a formula; a word that the vocabulary does not know is a slip."""
    try:
        kind = Figure(figure)
        return Formula(kind, Part(of) if kind is Figure.SHARE else Leg(of), level)
    except ValueError:
        raise Rejected(
            "“{figure} {of}” is no formula that a review knows.", figure=figure, of=of
        ) from None


def found(
    wanted: Formula,
    target: float,
    tallies: Mapping[str, Tally],
    levels: Mapping[str, Sequence[Hop]],
    *,
    now: datetime,
) -> Found:
    """Read an indicator off a night, in minutes or per cent."""
    if isinstance(wanted.of, Part):
        return _share(wanted, wanted.of, target, tallies.get(wanted.level))
    return _time(wanted, wanted.of, target, levels.get(wanted.level, ()), now)


def _share(wanted: Formula, part: Part, target: float, tally: Tally | None) -> Found:
    if tally is None or not tally.given:
        return Found(None, 0, 0, None)
    counted: int = getattr(tally, part)
    value = PERCENT * counted / tally.given
    met = value <= target if wanted.at_most else value >= target
    return Found(value, counted, tally.given, met)


def _time(wanted: Formula, leg: Leg, target: float, hops: Sequence[Hop], now: datetime) -> Found:
    """Measure those that came; one that never came and is late took longer than any of them."""
    took = [time for hop in hops if (time := owing.took(hop, leg)) is not None]
    waits = (owing.waited(hop, leg, now=now) for hop in hops)
    late = sum(wait is not None and wait > timedelta(minutes=target) for wait in waits)
    value = _minutes(wanted.figure, took)
    with_late = _minutes(wanted.figure, [*took, *[owing.NEVER] * late])
    met = None if with_late is None else with_late <= target
    return Found(value, len(took), len(took) + late, met)


def _minutes(figure: Figure, times: Sequence[timedelta]) -> float | None:
    told = spread(times)
    if told is None:
        return None
    minutes: float = getattr(told, figure).total_seconds() / 60
    return minutes


def checked_target(wanted: Formula, target: float) -> float:
    """Refuse a target that nothing could meet or miss."""
    most = PERCENT if wanted.is_share else MOST_MINUTES
    if not 0 <= target <= most:
        raise Rejected("A target lies between 0 and {most}.", most=most)
    return target
