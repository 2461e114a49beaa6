"""How long a way was, with the jumps of GPS left out; how long it is kept: pure."""

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gis.errors import Conflict, Rejected

BLURRED_M = 60.0
"""Less exact positions say nothing about a way."""
FASTEST_M_S = 35.0
"""126 km/h: nobody patrols faster; what would need it is a jump of GPS."""
STILL_M = 8.0
"""A phone that lies still wanders as much."""
AGREEING = 3
"""So many positions that agree with each other are believed against the one before them."""
MOST_SPOTS = 20_000
MOST_AT_ONCE = 500
AHEAD = timedelta(days=1)
METRES_PER_DEGREE = 111_195.0


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a phone was, by its own clock, and how exactly it knew."""

    n: int
    at: datetime
    lon: float
    lat: float
    accuracy_m: float


def metres(one: Spot, other: Spot) -> float:
    """Measure between two near places on the ground."""
    wide = math.cos(math.radians((one.lat + other.lat) / 2)) * METRES_PER_DEGREE
    return math.hypot((one.lon - other.lon) * wide, (one.lat - other.lat) * METRES_PER_DEGREE)


def is_walkable(one: Spot, other: Spot) -> bool:
    """Tell whether somebody can have come from one place to another in that time."""
    seconds = abs((other.at - one.at).total_seconds())
    return metres(one, other) <= FASTEST_M_S * seconds + one.accuracy_m + other.accuracy_m


def stretches(spots: Iterable[Spot]) -> list[list[Spot]]:
    """Give the way without blurred places and jumps, in the order of time whatever came first.

    After a jump that stays, as out of a tunnel, a new stretch begins: nobody walked in between.
    """
    sharp = [one for one in spots if one.accuracy_m <= BLURRED_M]
    found: list[list[Spot]] = []
    doubted: list[Spot] = []
    for one in sorted(sharp, key=lambda spot: (spot.at, spot.n)):
        if found and is_walkable(found[-1][-1], one):
            found[-1].append(one)
            doubted = []
            continue
        doubted = [*doubted, one] if doubted and is_walkable(doubted[-1], one) else [one]
        if len(doubted) == AGREEING:
            found.append(doubted)
            doubted = []
    return found


def moved(stretch: Sequence[Spot]) -> list[Spot]:
    """Leave out where somebody stood still: a place counts once it is clearly another."""
    kept = [stretch[0]]
    for one in stretch[1:]:
        if metres(kept[-1], one) >= max(STILL_M, one.accuracy_m / 2):
            kept.append(one)
    return kept


def way(spots: Iterable[Spot]) -> list[list[Spot]]:
    """Give the way as it is measured and drawn."""
    return [moved(stretch) for stretch in stretches(spots)]


def length_m(spots: Iterable[Spot]) -> float:
    """Measure a way on the ground."""
    lines = way(spots)
    pairs = ((a, b) for line in lines for a, b in itertools.pairwise(line))
    return round(sum(metres(a, b) for a, b in pairs), 1)


def keep_until(begun_at: datetime, *, days: int, now: datetime) -> datetime:
    """Give the day on which a track is removed; refuse one that would have been by now."""
    if begun_at > now + AHEAD:
        raise Rejected("The clock of this phone is more than a day ahead. Set it, then try again.")
    until = begun_at + timedelta(days=days)
    if until <= now:
        raise Conflict("This track is older than tracks are kept. It is removed from the phone.")
    return until


def checked(spots: Sequence[Spot], *, held: int) -> Sequence[Spot]:
    """Hold that a track stays small enough to be measured at once."""
    if held + len(spots) > MOST_SPOTS:
        raise Rejected("This track is full. Stop it and begin another.")
    return spots
