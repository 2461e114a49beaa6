"""How often something comes again at a place, how sure that is, and whether it comes more often.

Records close in time are one occurrence: three slides of one storm say nothing of a second storm.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from scipy import stats

from hazards.evidence.rules import Span

CONFIDENCE = 0.95
TREND_FROM = 4
"""Of fewer occurrences no trend can be told at any level people use."""


class Trend(StrEnum):
    """Whether occurrences have become more or less frequent."""

    RISING = "rising"
    FALLING = "falling"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Occurrences in the years looked at, their rate a year and its exact interval."""

    occurrences: int
    years: float
    rate: float
    lowest: float
    highest: float


@dataclass(frozen=True, slots=True)
class Tendency:
    """The trend, and how likely times as uneven as these are where there is none."""

    trend: Trend
    p: float | None


def occurrences(spans: Sequence[Span], *, apart_days: float) -> list[Span]:
    """Join records that may be of one occurrence; the dated ones first, the vague ones to them."""
    found: list[Span] = []
    dated = sorted(spans, key=lambda one: (one.last - one.first, one.first))
    for span in dated:
        near = [one for one in found if gap(one, span) <= apart_days]
        if not near:
            found.append(span)
        elif is_day(span):
            found = [one for one in found if one not in near]
            found.append(
                Span(min(o.first for o in (*near, span)), max(o.last for o in (*near, span)))
            )
    return sorted(found, key=lambda one: one.first)


def gap(one: Span, other: Span) -> float:
    """Give the days between two spans; none where they touch."""
    return max(one.first - other.last, other.first - one.last, 0.0)


def is_day(span: Span) -> bool:
    """Tell whether the day is known."""
    return span.last - span.first <= 1


def recurrence(count: int, *, years: float) -> Recurrence:
    """Give the rate a year and its exact Poisson interval (Garwood 1936, by chi-square)."""
    tail = (1 - CONFIDENCE) / 2
    lowest = float(stats.chi2.ppf(tail, 2 * count)) / 2 if count else 0.0
    highest = float(stats.chi2.ppf(1 - tail, 2 * count + 2)) / 2
    return Recurrence(count, years, count / years, lowest / years, highest / years)


def tendency(moments: Sequence[float], *, first: float, last: float) -> Tendency:
    """Tell whether occurrences crowd towards one end of the time looked at.

    Without a trend their moments are even over it, and the sum of n such numbers has the
    Irwin-Hall distribution: an exact form of Laplace's test.
    """
    if len(moments) < TREND_FROM or last <= first:
        return Tendency(Trend.UNKNOWN, None)
    total = sum((moment - first) / (last - first) for moment in moments)
    below = float(stats.irwinhall(len(moments)).cdf(total))
    p = min(1.0, 2 * min(below, 1 - below))
    if p >= 1 - CONFIDENCE:
        return Tendency(Trend.NONE, p)
    return Tendency(Trend.RISING if below > 1 - below else Trend.FALLING, p)
