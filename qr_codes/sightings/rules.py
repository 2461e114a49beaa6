"""What is thought of an event: believed, doubted, or too late to act on. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shapely import Point

from gis.errors import Rejected

REASON_LENGTH = 200
AHEAD, STALE = timedelta(minutes=5), timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Event:
    """What a camera's analytics tell; `ref` is their own number of it."""

    ref: str
    kind: str
    at: datetime
    place: Point
    confidence: float
    camera: str = ""
    words: str = ""
    snapshot: bytes | None = None


class Outcome(StrEnum):
    """What became of what was seen."""

    DOUBTED = "doubted"
    """Below the confidence of its kind: kept, and nobody is sent."""
    LATE = "late"
    """Heard of so long after that only the record gains by it."""
    FINDING = "finding"
    ALERT = "alert"


class Decision(StrEnum):
    """What a person made of what was seen."""

    INCIDENT = "incident"
    JOINED = "joined"
    DISMISSED = "dismissed"


ACTED = frozenset({Outcome.FINDING, Outcome.ALERT})


def checked_reason(why: str) -> str:
    """Hold that whoever sends nobody says why."""
    if not why.strip():
        raise Rejected("Say in a few words why nobody has to go.")
    return why.strip()[:REASON_LENGTH]


def checked_confidence(confidence: float) -> float:
    """Hold that a confidence is between 0 and 1."""
    if not 0 <= confidence <= 1:
        raise Rejected("A confidence is a number from 0 to 1.")
    return confidence


def checked_time(at: datetime, *, now: datetime) -> datetime:
    """Hold that a time has its zone and is not to come."""
    if at.tzinfo is None:
        raise Rejected("The time {words} does not say its zone. Write +08:00 or Z behind it.",
                       words=at.isoformat())  # fmt: skip
    if at > now + AHEAD:
        raise Rejected("The time {at} cannot be. Set the camera's clock.", at=at.isoformat())
    return at


def unacted(confidence: float, *, least: float, at: datetime, now: datetime) -> Outcome | None:
    """Say why nothing is done about it, or None where something is to be."""
    if confidence < least:
        return Outcome.DOUBTED
    return Outcome.LATE if now - at > STALE else None
