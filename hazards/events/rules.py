"""How exactly a record is known, and what may be concluded from it."""

from datetime import datetime
from enum import StrEnum

from gis.areas.placing import CITY_ZONE

POINT_ACCURACY_M = 1_000
"""A record good to this may stand for a place on the map; a worse one only for an area."""

EXACT_M = 250
NEAR_M = 5_000
UNKNOWN_REACH_M = 25_000
"""A record of unknown accuracy is drawn this wide and said to be unknown: never as a point."""


class Accuracy(StrEnum):
    """How exactly the place of an event is known, as the map tells it apart."""

    EXACT = "exact"
    NEAR = "near"
    ROUGH = "rough"


class TimePrecision(StrEnum):
    """How exactly the time of an event is known."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


SAID = {
    TimePrecision.YEAR: "%Y",
    TimePrecision.MONTH: "%Y-%m",
    TimePrecision.DAY: "%Y-%m-%d",
    TimePrecision.HOUR: "%Y-%m-%d %H:%M",
    TimePrecision.MINUTE: "%Y-%m-%d %H:%M",
}
"""How a moment is written down: no more of it than is known."""


def said(moment: datetime, precision: str) -> str:
    """Write a moment down as the clocks of the city show it."""
    return moment.astimezone(CITY_ZONE).strftime(SAID[TimePrecision(precision)])


def accuracy(accuracy_m: float | None) -> Accuracy:
    """Tell how exactly a place is known; an unknown accuracy is a rough one."""
    if accuracy_m is None or accuracy_m > NEAR_M:
        return Accuracy.ROUGH
    return Accuracy.EXACT if accuracy_m <= EXACT_M else Accuracy.NEAR


def stands_for_a_place(accuracy_m: float | None) -> bool:
    """Tell whether the record may be treated as a point; an unknown accuracy may not."""
    return accuracy_m is not None and accuracy_m <= POINT_ACCURACY_M
