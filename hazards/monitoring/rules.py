"""What is thought of a reading: kept always, flagged where it cannot be believed. Pure.

The checks are those of WMO-No. 8 (Guide to Instruments and Methods of Observation), volume V,
chapter 1: limits, change from one reading to the next, and a value that stands still.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntFlag, StrEnum

FUTURE = timedelta(minutes=5)
"""How far a station's clock may run before ours."""
LATE_TIMES = 3
"""A reading that comes more than so many intervals after its moment is late."""
LATE_LEAST = timedelta(minutes=10)


class Flag(IntFlag):
    """What is odd about a reading."""

    MISSING = 1
    UNIT = 2
    RANGE = 4
    FUTURE = 8
    CONTRADICTS = 16
    SPIKE = 32
    STUCK = 64
    LATE = 128


UNBELIEVED = Flag.MISSING | Flag.UNIT | Flag.RANGE | Flag.FUTURE | Flag.CONTRADICTS | Flag.SPIKE
"""With one of these a reading is shown and never judged, least of all as zero.

A late one is judged for its own moment. So is one that stands still: a gauge that got stuck at
its highest mark must not end a warning. That it is stuck is the station's own alarm.
"""


class Trouble(StrEnum):
    """What is wrong with a stream itself; never to be taken for a hazard."""

    SILENT = "silent"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class Keeping:
    """How many days readings are kept each by itself, and years by the hour; None is for ever."""

    raw_days: int | None = None
    hour_years: int | None = None


FOR_EVER = Keeping()


@dataclass(frozen=True, slots=True)
class Limits:
    """What a property's readings can be, in its own unit."""

    adds: bool
    least: float
    most: float
    jump: float | None = None
    stuck: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Tail:
    """The last believed reading of a stream, and since when its value is the same.

    `doubted` is the value that was taken for a spike since.
    """

    at: datetime
    value: float
    since: datetime
    doubted: float | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A reading as understood: `value` None where it says that there is none."""

    at: datetime
    value: float | None
    words: str | None = None
    """As it was sent, where that is not simply the value in our unit."""
    unit_known: bool = True


@dataclass(frozen=True, slots=True)
class Judged:
    """A reading with what is odd about it."""

    said: Said
    flags: Flag

    @property
    def believed(self) -> bool:
        """Tell whether it may be judged."""
        return not self.flags & UNBELIEVED


def judged(
    limits: Limits,
    tail: Tail | None,
    sent: Sequence[Said],
    *,
    known: Mapping[datetime, float],
    interval: timedelta,
    now: datetime,
) -> tuple[list[Judged], Tail | None]:
    """Judge what a stream sent, by moment; give the tail after it.

    `known` is what was believed before about these moments.
    """
    seen = dict(known)
    made: list[Judged] = []
    for said in sorted(sent, key=lambda one: one.at):
        flags = _alone(limits, said, interval=interval, now=now)
        if said.value is not None and seen.get(said.at, said.value) != said.value:
            flags |= Flag.CONTRADICTS
        if said.value is not None and not flags & UNBELIEVED:
            seen.setdefault(said.at, said.value)
            if not tail or said.at > tail.at:
                odd, tail = _after(limits, tail, said.at, said.value)
                flags |= odd
        made.append(Judged(said, flags))
    return made, tail


def _alone(limits: Limits, said: Said, *, interval: timedelta, now: datetime) -> Flag:
    """Judge a reading without its neighbours."""
    flags = Flag(0)
    if not said.unit_known:
        flags |= Flag.UNIT
    elif said.value is None:
        flags |= Flag.MISSING
    elif not limits.least <= said.value <= limits.most:
        flags |= Flag.RANGE
    if said.at > now + FUTURE:
        flags |= Flag.FUTURE
    if now - said.at > max(LATE_LEAST, LATE_TIMES * interval):
        flags |= Flag.LATE
    return flags


def _after(limits: Limits, tail: Tail | None, at: datetime, value: float) -> tuple[Flag, Tail]:
    """Judge a reading by the one before it. A leap is believed once the next one confirms it."""
    if tail is None:
        return Flag(0), Tail(at, value, at)
    if limits.jump is not None and abs(value - tail.value) > limits.jump:
        confirmed = tail.doubted is not None and abs(value - tail.doubted) <= limits.jump
        if not confirmed:
            return Flag.SPIKE, replace(tail, doubted=value)
    still = value == tail.value and not (limits.adds and value == 0)
    after = Tail(at, value, tail.since if still else at)
    stuck = limits.stuck is not None and still and at - after.since >= limits.stuck
    return (Flag.STUCK if stuck else Flag(0)), after
