"""What a search asks for, what it found, and what may become of it: pure decisions."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from gis.errors import Conflict, Rejected
from hazards.events.rules import UNKNOWN_REACH_M, TimePrecision, stands_for_a_place
from hazards.points.rules import Evidence

DAYS_A_YEAR = 365.25
LENGTHS: Mapping[str, float] = {TimePrecision.MONTH: 31.0, TimePrecision.YEAR: DAYS_A_YEAR}
SECONDS_A_DAY = 86_400
NEAREST_M, FURTHEST_M = 100, 20_000
FEWEST_RECORDS, MOST_RECORDS = 2, 50
MOST_DAYS = 60
MOST_CLOSE_DAYS = 365
SEARCHED = (Evidence.HISTORICAL, Evidence.HIGH_FREQUENCY)
"""What a search over the records proposes; what is possible comes from a map of the ground."""
MAPS = "susceptibility"
"""So begin the methods that draw a map of the ground; all others search the records."""
PROPOSED = (*SEARCHED, Evidence.POSSIBLE)


class State(StrEnum):
    """Where a proposal stands. One is outdated when a later search does not find it any more."""

    OPEN = "open"
    ACCEPTED = "accepted"
    MERGED = "merged"
    REJECTED = "rejected"
    OUTDATED = "outdated"


DECIDED = (State.ACCEPTED, State.MERGED, State.REJECTED)


NO_SPOT = (
    "The records know this place only to {metres} m: they speak of the area, and of no spot in it."
    " Look for it on the ground, enter the point there, then join the records to it."
)


@dataclass(frozen=True, slots=True)
class Span:
    """When a record happened, in days: one day, or the whole month or year it is known to."""

    first: float
    last: float


@dataclass(frozen=True, slots=True)
class Asked:
    """The figures of a search: all are the planner's, none is hidden in the method."""

    family: str
    within_m: int = 1_000
    fewest: int = 3
    apart_days: int = 3
    close_days: int = 30

    def checked(self) -> "Asked":
        """Hold that the figures make sense."""
        if not NEAREST_M <= self.within_m <= FURTHEST_M:
            raise Rejected(
                "Records lie together within {least} to {most} m. Choose a distance between.",
                least=NEAREST_M,
                most=FURTHEST_M,
            )
        if not FEWEST_RECORDS <= self.fewest <= MOST_RECORDS:
            raise Rejected(
                "A place is frequent from {least} to {most} records. Choose a number between.",
                least=FEWEST_RECORDS,
                most=MOST_RECORDS,
            )
        if not 0 <= self.apart_days <= MOST_DAYS:
            raise Rejected(
                "Records up to {most} days apart can be one occurrence. Choose fewer.",
                most=MOST_DAYS,
            )
        if not 1 <= self.close_days <= MOST_CLOSE_DAYS:
            raise Rejected(
                "Records up to {most} days apart can be close in time. Choose from 1 to that.",
                most=MOST_CLOSE_DAYS,
            )
        return self

    def told(self) -> dict[str, Any]:
        """Give the figures as they are kept with what was found."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Known:
    """One disaster record, as statistics see it."""

    id: UUID
    source: str
    number: str
    hazard_type: str
    happened_at: datetime
    precision: str
    longitude: float
    latitude: float
    accuracy_m: float | None

    @property
    def reach_m(self) -> float:
        """Tell how far the truth may lie from the place."""
        return UNKNOWN_REACH_M if self.accuracy_m is None else self.accuracy_m

    @property
    def span(self) -> Span:
        """Tell when it happened, in days."""
        first = self.happened_at.timestamp() / SECONDS_A_DAY
        return Span(first, first + LENGTHS.get(self.precision, 0.0))

    @property
    def key(self) -> str:
        """Name the record with what it says: corrected, it is another one."""
        said = (
            self.source,
            self.number,
            self.hazard_type,
            self.happened_at.isoformat(),
            self.precision,
            f"{self.longitude:.6f} {self.latitude:.6f}",
            f"{self.accuracy_m}",
        )
        return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def digest(keys: Iterable[str]) -> str:
    """Name a set of records with all they say: the vintage of the data."""
    return hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()[:16]


def is_a_spot(evidence: Evidence, accuracy_m: float) -> bool:
    """Tell whether what was found stands for a spot, or only says something of an area."""
    return evidence is Evidence.POSSIBLE or stands_for_a_place(accuracy_m)


def checked_spot(evidence: Evidence, accuracy_m: float) -> None:
    """Hold that nobody makes a point of a place that the records do not know."""
    if not is_a_spot(evidence, accuracy_m):
        raise Rejected(NO_SPOT, metres=f"{accuracy_m:,.0f}")


def next_state(now: State, act: State) -> State:
    """Give the state a decision leads to; what is decided stays so."""
    if now is not State.OPEN:
        raise Conflict("Somebody has decided on this proposal already. Load the page again.")
    return act


def taken_back(now: State, *, has_case: bool) -> State:
    """Give the state of a decision that is taken back; one that made a case goes by its case."""
    if now not in DECIDED:
        raise Conflict("No decision stands here that could be taken back. Load the page again.")
    if has_case:
        raise Conflict("This decision is a case by now: withdraw the case, then search again.")
    return State.OPEN


def checked_reason(reason: str) -> str:
    """Hold that whoever rejects says why."""
    if not reason.strip():
        raise Rejected("Say why it is rejected, so that the next planner knows.")
    return reason.strip()


def by_key(decided: Iterable[frozenset[str]]) -> dict[str, list[frozenset[str]]]:
    """Lay what was decided out by each of its records, so that thousands are not gone through."""
    found: dict[str, list[frozenset[str]]] = {}
    for keys in decided:
        for key in keys:
            found.setdefault(key, []).append(keys)
    return found


def is_new(keys: frozenset[str], decided: Mapping[str, list[frozenset[str]]]) -> bool:
    """Tell whether records say something that nobody decided on: not just the same or fewer."""
    return not any(keys <= known for known in decided.get(next(iter(keys)), ()))
