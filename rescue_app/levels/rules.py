"""What a level may be, what it changes to, and which mode follows: pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from gis.errors import Conflict, Rejected
from hazards.modes.rules import CALMEST_FIRST, Mode

LEVELS = ("I", "II", "III", "IV")
GROUND_LENGTH = 500


class Change(StrEnum):
    """What becomes of a level: 启动, 提升, 降低, 终止."""

    STARTED = "started"
    RAISED = "raised"
    LOWERED = "lowered"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Own:
    """The mode that an area has for itself, and whether it only follows a level."""

    mode: Mode
    follows_level: bool


def changed(was: str | None, becomes: str | None) -> Change | None:
    """Name the step from one level to another; none where both are the same."""
    if was == becomes:
        return None
    if was is None:
        return Change.STARTED
    if becomes is None:
        return Change.ENDED
    return Change.RAISED if LEVELS.index(becomes) < LEVELS.index(was) else Change.LOWERED


def checked_ground(ground: str) -> str:
    """Hold that nobody changes a level without saying on what ground: it is read aloud."""
    said = ground.strip()
    if not said:
        raise Rejected("Say on what ground. Every centre in the district reads it.")
    return said[:GROUND_LENGTH]


def checked_level(level: str | None) -> str | None:
    """Refuse a level that is none."""
    if level is not None and level not in LEVELS:
        raise Rejected("A response level is I, II, III or IV.")
    return level


def check_seen(seen: str | None, was: str | None, *, by_name: str) -> None:
    """Refuse a change by somebody who saw another level: two commanders at once."""
    if seen is not None and seen != (was or ""):
        raise Conflict("Meanwhile {name} has changed this level. Look at it again.", name=by_name)


def wanted(levels: Collection[str], modes: Mapping[str, Mode]) -> Mode:
    """Give the mode that the levels in force ask for; the gravest decides, without any peace."""
    return max((modes[level] for level in levels if level in modes),
               key=CALMEST_FIRST.index, default=Mode.PEACE)  # fmt: skip


def followed(own: Own | None, *, above: Mode, asked: Mode, change: Change | None) -> Mode | None:
    """Give the mode that an area is to be switched to after a change of its level, if any.

    Without a change of its own it is the mode above that changed. What somebody set by hand
    stays, unless a level that starts or rises asks for more. An area never follows its level
    down below what holds above it.
    """
    goal = max(asked, above, key=CALMEST_FIRST.index)
    if own is None:
        return goal if goal != above else None
    if not own.follows_level:
        rises = change in (Change.STARTED, Change.RAISED)
        louder = CALMEST_FIRST.index(asked) > CALMEST_FIRST.index(own.mode)
        return asked if rises and louder else None
    return goal if goal != own.mode else None
