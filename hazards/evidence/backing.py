"""Which records stand behind a place, and how surely: the doubt of a record's place counts.

A record is known to lie anywhere in a circle, each spot as likely as another. What counts is the
share of that circle that lies within reach of the place: all of it for an exact record nearby,
a ten-thousandth for one that is good to 50 km, whatever the distance of its middle.
"""

import math
from enum import StrEnum

from hazards.events.rules import UNKNOWN_REACH_M

REACH_M = 500.0
"""How far from a place a disaster may lie to be one of that place."""
SURE_FROM, LIKELY_FROM = 0.95, 0.5
FURTHEST_M = REACH_M * math.sqrt(1 / LIKELY_FROM)
"""No record less exact than this can be likely: its circle is more than twice as large as reach."""


class Certainty(StrEnum):
    """How surely a record belongs to a place."""

    SURE = "sure"
    LIKELY = "likely"
    UNLIKELY = "unlikely"


def share_within(distance_m: float, *, accuracy_m: float | None, reach_m: float = REACH_M) -> float:
    """Give the share of a record's circle that lies within reach of a place."""
    radius_m = UNKNOWN_REACH_M if accuracy_m is None else accuracy_m
    if radius_m == 0 or distance_m + radius_m <= reach_m:
        return float(distance_m <= reach_m)
    if distance_m >= reach_m + radius_m:
        return 0.0
    if distance_m + reach_m <= radius_m:
        return (reach_m / radius_m) ** 2
    return _lens_m2(distance_m, radius_m, reach_m) / (math.pi * radius_m**2)


def _lens_m2(apart: float, one: float, other: float) -> float:
    """Give the area that two crossing circles share."""
    at_one = (apart**2 + one**2 - other**2) / (2 * apart)
    at_other = apart - at_one
    sectors = one**2 * math.acos(at_one / one) + other**2 * math.acos(at_other / other)
    return sectors - apart * math.sqrt(max(one**2 - at_one**2, 0.0))


def certainty(share: float) -> Certainty:
    """Say in a word how surely a record belongs to a place."""
    if share >= SURE_FROM:
        return Certainty.SURE
    return Certainty.LIKELY if share >= LIKELY_FROM else Certainty.UNLIKELY
