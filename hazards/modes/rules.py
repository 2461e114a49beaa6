"""What a switch of the mode does to the areas below: pure."""

from datetime import datetime, timedelta

from gis.errors import Rejected
from hazards.checklists.rules import Mode

__all__ = ["Mode"]

REASON_LENGTH = 300
TICK = timedelta(microseconds=1)


CALMEST_FIRST = tuple(Mode)


def calmer(than: Mode) -> tuple[Mode, ...]:
    """Give the modes below one: raising an area raises whatever stands lower inside it."""
    return CALMEST_FIRST[: CALMEST_FIRST.index(than)]


def begin_of(now: datetime, *, last_began: datetime | None) -> datetime:
    """Give when a switch takes hold: of two at the same moment the second comes after."""
    return now if last_began is None else max(now, last_began + TICK)


def checked_reason(reason: str) -> str:
    """Hold that nobody switches without saying why: the log is read afterwards."""
    said = reason.strip()
    if not said:
        raise Rejected("Say why the mode is switched. Everyone in the area reads it.")
    return said[:REASON_LENGTH]
