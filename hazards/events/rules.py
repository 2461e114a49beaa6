"""How exactly a record is known, and what may be concluded from it."""

from enum import StrEnum

POINT_ACCURACY_M = 1_000
"""A record good to this may stand for a place on the map; a worse one only for an area."""


class TimePrecision(StrEnum):
    """How exactly the time of an event is known."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


def stands_for_a_place(accuracy_m: float | None) -> bool:
    """Tell whether the record may be treated as a point; an unknown accuracy may not."""
    return accuracy_m is not None and accuracy_m <= POINT_ACCURACY_M
