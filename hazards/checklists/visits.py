"""What a visit to a place says, whether its parts agree, and when it really happened: pure."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from shapely import Point

from gis.errors import Rejected
from hazards.checklists.rules import Answer, Item, Judged, Kind, RawAnswer

FAR_M = 50.0
CLOCK_SLACK = timedelta(minutes=2)
NO_CLOCK = timedelta(days=24_800)
"""Further off (in 1970 is near enough) is no clock at all, and more seconds than are kept."""
OTHER_GRADE = 3


class Outcome(StrEnum):
    """The two buttons at the thumb."""

    ALL_NORMAL = "all_normal"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Visit:
    """An inspection as it comes from the field.

    `sent_at` is the phone's clock at the moment of sending: against our own it tells how far
    the phone is off. `shown` is the list that was before the person, and in which version.
    """

    id: UUID
    outcome: Outcome
    answers: Mapping[str, RawAnswer] = field(default_factory=dict)
    note: str = ""
    done_at: datetime | None = None
    sent_at: datetime | None = None
    place: Point | None = None
    accuracy_m: float | None = None
    shown: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """When it was done by our clock, and how many seconds the phone's clock is ahead."""

    done_at: datetime
    clock_off_s: int


class Timed(Protocol):
    """What was done by a phone's clock, and sent by it."""

    @property
    def done_at(self) -> datetime | None: ...  # noqa: D102 - as in `Visit`
    @property
    def sent_at(self) -> datetime | None: ...  # noqa: D102 - as in `Visit`


def deed_time(said_of: Timed, *, received_at: datetime) -> Deed:
    """Put right a phone's clock; nobody's round is refused because of it."""
    said = said_of.done_at or received_at
    off = (said_of.sent_at or received_at) - received_at
    if max(abs(off), abs(said - received_at)) > NO_CLOCK:
        return Deed(received_at, 0)
    if abs(off) > CLOCK_SLACK:
        said -= off
    elif said > received_at + CLOCK_SLACK:
        off = said - received_at
    else:
        off = timedelta()
    return Deed(min(said, received_at), round(off.total_seconds()))


def is_far(distance_m: float | None) -> bool:
    """Tell whether a scan deserves a look; GPS lies under bridges, so it is never refused."""
    return distance_m is not None and distance_m > FAR_M


def agree(visit: Visit, judged: Sequence[Judged], note: str) -> None:
    """Refuse a visit whose button says the contrary of its answers."""
    bad = [one.item.name for one in judged if one.bad]
    if visit.outcome is Outcome.ALL_NORMAL and bad:
        raise Rejected(
            "“{item}” is marked bad, but “all normal” was tapped. Tap “problem”, or correct it.",
            item=bad[0],
        )
    if visit.outcome is Outcome.PROBLEM and not bad and not note:
        raise Rejected("Mark what is wrong, or say it in a few words.")


def pictured(
    visit: Visit, items: Sequence[Item], judged: Sequence[Judged], taken: Collection[str]
) -> None:
    """Refuse “all normal” while a photo that is asked for is neither taken nor excused."""
    there = {one.item.code for one in judged} | set(taken)
    for item in items:
        if visit.outcome is Outcome.ALL_NORMAL and item.required and item.code not in there:
            raise Rejected(
                "“{item}” asks for a photo. Take it, or say why it cannot be taken.",
                item=item.name,
            )


def shown(item: Item, value: Answer) -> str:
    """Say an answer so that it is understood without the form: Chinese and English."""
    if item.kind is Kind.CHOICE:
        return next(f"{one.zh} / {one.en}" for one in item.choices if one.value == value)
    if isinstance(value, bool):
        return ""  # the item's own words say it
    if isinstance(value, float):
        return f"{value:g} {item.unit}".strip()
    return value


def fingerprint(
    visit: Visit,
    *,
    subject: UUID,
    judged: Sequence[Judged],
    note: str,
    photos: Sequence[UUID] = (),
) -> bytes:
    """Tell a retry from another visit under the same id: what was said, not when it was sent."""
    said = {
        "subject": str(subject),
        "outcome": visit.outcome,
        "answers": {one.item.code: one.value for one in judged},
        "note": note,
    }
    if photos:
        said["photos"] = sorted(map(str, photos))
    text = json.dumps(said, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).digest()
