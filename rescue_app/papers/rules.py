"""What cards rest on: how a house lies to a danger, who gets a card, who has one (pure)."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from math import cos, radians
from typing import NamedTuple, Protocol, TypeVar
from uuid import UUID, uuid5

from pyproj import Geod
from shapely import Point, affinity
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points

from gis.errors import Rejected

GLOBE = Geod(ellps="WGS84")
DIRECTIONS = (
    "north", "north_east", "east", "south_east", "south", "south_west", "west", "north_west",
)  # fmt: skip
REACH_M, LEAST_REACH_M, MOST_REACH_M = 300, 50, 2_000
"""How far from a point households get its card, where nobody says otherwise; stated on each."""
STATE_SIGNS = 8
TO_NEAREST_M, FROM_M, TO_NEAREST_FAR_M = 10, 1_000, 100
CASES = UUID("6f3b8a52-9a0e-5d4e-8f57-1c1f0a6c2d10")


class Kind(StrEnum):
    """Which of the two cards."""

    REFUGE = "refuge"
    WORK = "work"


class Post(StrEnum):
    """Why somebody gets a work card."""

    OWNER = "owner"
    MONITORING = "monitoring"
    MONITOR = "monitor"


@dataclass(frozen=True, slots=True)
class Way:
    """How far and in which direction, in a straight line; no direction where it is right there."""

    metres: int
    direction: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody at work at a point, who gets a work card."""

    post: Post
    name: str
    phone: str
    title: str = ""


class Whose(NamedTuple):
    """Whose card: a household's, or that of somebody at work."""

    kind: Kind
    household_id: UUID | None = None
    holder: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A card handed out: its own id, made by whoever sends it, and who got which."""

    id: UUID
    whose: Whose


class Standing(StrEnum):
    """How a card in somebody's hands stands to what the records say now."""

    CURRENT = "current"
    OLD = "old"
    UNKNOWN = "unknown"


class Noted(Protocol):
    """A note that a card was handed out, or a correction of one."""

    @property
    def id(self) -> UUID: ...  # noqa: D102 - its own name
    @property
    def corrects(self) -> UUID | None: ...  # noqa: D102 - as above
    @property
    def handed_on(self) -> date | None: ...  # noqa: D102 - as above


N = TypeVar("N", bound=Noted)


def way(start: BaseGeometry, goal: Point) -> Way:
    """Tell how a place lies, seen from the nearest part of something."""
    flat = cos(radians(goal.y))
    narrow = affinity.scale(start, xfact=flat, origin=(0, 0))
    near = nearest_points(narrow, Point(goal.x * flat, goal.y))[0]
    azimuth, _, metres = GLOBE.inv(near.x / flat, near.y, goal.x, goal.y)
    if metres < TO_NEAREST_M / 2:
        return Way(0, "")
    return Way(rounded(metres), DIRECTIONS[round(azimuth / 45) % len(DIRECTIONS)])


def rounded(metres: float) -> int:
    """Round as one speaks: to ten metres near by, to a hundred from a kilometre on."""
    step = TO_NEAREST_M if metres < FROM_M else TO_NEAREST_FAR_M
    return round(metres / step) * step


def holders(
    *,
    owner: tuple[str, str, str],
    monitoring: tuple[str, str, str],
    monitors: Sequence[dict[str, str]],
) -> list[Holder]:
    """Give who gets a work card, each name once: the owner, who watches, and the monitors."""
    found = [Holder(Post.OWNER, *owner), Holder(Post.MONITORING, *monitoring)]
    found += [Holder(Post.MONITOR, one["name"], one.get("phone", "")) for one in monitors]
    named: dict[str, Holder] = {}
    for one in found:
        if one.name.strip():
            named.setdefault(one.name.strip(), one)
    return list(named.values())


def complete(
    *, households: Collection[UUID], names: Collection[str], given: Collection[Whose]
) -> bool:
    """Tell whether everybody known here has a card; where nobody is known, nobody can say so."""
    homes = {one.household_id for one in given if one.kind is Kind.REFUGE}
    people = {one.holder for one in given if one.kind is Kind.WORK}
    return bool(households) and homes.issuperset(households) and people.issuperset(names)


def state_of(said: Sequence[object]) -> str:
    """Number what a card says: the same facts have the same number, on whatever day."""
    plain = json.dumps(said, ensure_ascii=False).encode()
    return sha256(plain).hexdigest()[:STATE_SIGNS].upper()


def in_force(noted: Sequence[N]) -> list[N]:
    """Give the notes that hold: those that nobody corrected, and that say a day."""
    corrected = {one.corrects for one in noted}
    return [one for one in noted if one.id not in corrected and one.handed_on is not None]


def standing(state: str, now: str | None) -> Standing:
    """Compare what a card says with what it would say if it were printed now."""
    if not state:
        return Standing.UNKNOWN
    return Standing.CURRENT if state == now else Standing.OLD


def checked_reason(reason: str) -> str:
    """Hold that a correction says why."""
    if not reason.strip():
        raise Rejected("Say why, so that whoever reads the history understands it.")
    return reason.strip()


def case_of(point_id: UUID, version: int, given: bool, taken_back: int) -> UUID:
    """Name the case by which a state of a point learns of its cards: told twice, it is one.

    Cards taken back and handed out again are a new matter, so how many were counts.
    """
    again = f":{given}:{taken_back}" if taken_back else ""
    return uuid5(CASES, f"{point_id}:{version}{again}")


def checked_day(handed_on: date, *, today: date) -> date:
    """Hold that a card was handed out by now."""
    if handed_on > today:
        raise Rejected("Cards cannot be handed out in the future. Enter the day it was done.")
    return handed_on


def mark_from(said: str) -> Mark:
    """Read a ticked box: which card, its own id, and who got it."""
    try:
        kind, mark_id, who = said.split("|", 2)
        home = UUID(who) if kind == Kind.REFUGE else None
        return Mark(UUID(mark_id), Whose(Kind(kind), home, "" if home else who))
    except ValueError as error:
        raise Rejected("This form is not ours. Load the page again.") from error
