"""How often something comes again at a place, how sure that is, and whether it comes more often.

Records close in time are one occurrence: three slides of one storm say nothing of a second storm.
"""

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

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
    for span in sorted((one for one in spans if is_day(one)), key=begin):
        if found and gap(found[-1], span) <= apart_days:
            found[-1] = Span(found[-1].first, max(found[-1].last, span.last))
        else:
            found.append(span)
    vague = (one for one in spans if not is_day(one))
    for span in sorted(vague, key=lambda one: (one.last - one.first, one.first)):
        at = bisect(found, span.first, key=begin)
        if all(gap(one, span) > apart_days for one in found[max(at - 1, 0) : at + 1]):
            found.insert(at, span)
    return found


def begin(span: Span) -> float:
    """Give the first moment of a span."""
    return span.first


def gap(one: Span, other: Span) -> float:
    """Give the days between two spans; none where they touch."""
    return max(one.first - other.last, other.first - one.last, 0.0)


def is_day(span: Span) -> bool:
    """Tell whether the day is known."""
    return span.last - span.first <= 1


def recurrence(count: int, *, years: float) -> Recurrence:
    """Give the rate a year and its exact Poisson interval (Garwood 1936, by chi-square)."""
    lowest, highest = interval(count)
    return Recurrence(count, years, count / years, lowest / years, highest / years)


@cache
def interval(count: int) -> tuple[float, float]:
    """Give the interval of a count; among many places the same few counts come again and again."""
    tail = (1 - CONFIDENCE) / 2
    lowest = float(stats.chi2.ppf(tail, 2 * count)) / 2 if count else 0.0
    return lowest, float(stats.chi2.ppf(1 - tail, 2 * count + 2)) / 2


def tendency(moments: Sequence[float], *, first: float, last: float) -> Tendency:
    """Tell whether occurrences crowd towards one end of the time looked at.

    Without a trend their moments are even over it, and the sum of n such numbers has the
    Irwin-Hall distribution: an exact form of Laplace's test.
    """
    if len(moments) < TREND_FROM or last <= first:
        return Tendency(Trend.UNKNOWN, None)
    total = sum((moment - first) / (last - first) for moment in moments)
    below = float(stats.irwinhall.cdf(total, len(moments)))
    p = min(1.0, 2 * min(below, 1 - below))
    if p >= 1 - CONFIDENCE:
        return Tendency(Trend.NONE, p)
    return Tendency(Trend.RISING if below > 1 - below else Trend.FALLING, p)
