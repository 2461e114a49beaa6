"""Which way a message takes, when it may sound, when it is tried again, and its words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum
from uuid import UUID

from hazards.calls.rules import Urgency

PUSH = "push"
PATIENCE = timedelta(seconds=60)
"""How long a way has to bring a message onto the device before the next one is taken."""
MOST_TRIES = 6
TRY_AGAIN_S = (5, 15, 30, 60, 120)
LEASE = timedelta(seconds=90)
"""After so long a message that a worker took is anybody's again: that worker died."""
REST_S = (2, 5, 10, 20, 40, 60)
BODY_LENGTH = 330
SHOWN_MATTERS = 3
FIRST_NUMBER, NUMBERS = 10, 90


class GatewayKind(StrEnum):
    """How a gateway is spoken to."""

    WEBHOOK = "webhook"
    APPRISE = "apprise"


class QuietFor(StrEnum):
    """What waits until the quiet hours are over; a flash never does."""

    ROUTINE = "routine"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class Quiet:
    """A person's quiet hours."""

    begins: time
    ends: time
    waits: QuietFor


def in_order(wanted: Sequence[str], there: Sequence[str]) -> list[str]:
    """Ways as a person ordered them; those he did not name come after, none is lost."""
    named = [way for way in dict.fromkeys(wanted) if way in there]
    return named + [way for way in there if way not in named]


def first_wave(ways: Sequence[str], urgency: Urgency) -> list[str]:
    """Give the ways taken at once: every one of them where minutes count, else the first."""
    return list(ways) if urgency is Urgency.FLASH else list(ways[:1])


def sounds_at(quiet: Quiet | None, urgency: Urgency, now: datetime, zone: tzinfo) -> datetime:
    """When a message may sound: now, or when the person's quiet hours are over."""
    waits = {QuietFor.ROUTINE: (Urgency.ROUTINE,), QuietFor.URGENT: tuple(Urgency)[1:]}
    if quiet is None or quiet.begins == quiet.ends or urgency not in waits[quiet.waits]:
        return now
    here = now.astimezone(zone)
    clock, over_midnight = here.time(), quiet.begins > quiet.ends
    inside = quiet.begins <= clock < quiet.ends
    if over_midnight:
        inside = clock >= quiet.begins or clock < quiet.ends
    if not inside:
        return now
    day = here.date() + timedelta(days=1 if over_midnight and clock >= quiet.begins else 0)
    return datetime.combine(day, quiet.ends, tzinfo=zone).astimezone(now.tzinfo)


def next_try(tries: int, now: datetime) -> datetime | None:
    """When to try again after so many tries; None once it is given up."""
    if tries >= MOST_TRIES:
        return None
    return now + timedelta(seconds=TRY_AGAIN_S[min(tries, len(TRY_AGAIN_S)) - 1])


def rests_until(failures: int, now: datetime) -> datetime:
    """How long a gateway that failed so often in a row is left alone."""
    return now + timedelta(seconds=REST_S[min(failures, len(REST_S)) - 1])


def number_after(last: int | None) -> int:
    """Give the number of a person's next message: two digits, easily typed."""
    return FIRST_NUMBER if last is None else (last - FIRST_NUMBER + 1) % NUMBERS + FIRST_NUMBER


@dataclass(frozen=True, slots=True)
class Said:
    """What a message is made of."""

    urgency: Urgency
    texts: Sequence[str]
    number: int
    language: str
    answers: bool
    page: str = ""


URGENCY_WORDS = {
    "zh": {Urgency.FLASH: "特急", Urgency.URGENT: "加急", Urgency.ROUTINE: "平件"},
    "en": {Urgency.FLASH: "FLASH", Urgency.URGENT: "URGENT", Urgency.ROUTINE: "Routine"},
}
HOW_TO_ANSWER = {
    "zh": "回复 1 {number} 收到，回复 2 {number} 加原因表示不能。",
    "en": "Reply 1 {number} for received, 2 {number} and why if you cannot.",
}
MANY = {"zh": "{count} 件事等您答复：", "en": "{count} matters wait for you: "}
MORE = {"zh": "等", "en": " and more"}


def title(said: Said) -> str:
    """Head a message where there is a place for it."""
    return f"一通 · {URGENCY_WORDS[said.language][said.urgency]}"


def body(said: Said) -> str:
    """Say the message in one breath; the way to answer is never cut off."""
    here = said.language
    shown = list(said.texts[:SHOWN_MATTERS])
    between = "；" if here == "zh" else "; "
    many = MANY[here].format(count=len(said.texts)) if len(said.texts) > 1 else ""
    more = MORE[here] if len(said.texts) > len(shown) else ""
    ends = HOW_TO_ANSWER[here].format(number=said.number) if said.answers else ""
    ends = " ".join(part for part in (ends, said.page) if part)
    room = BODY_LENGTH - len(many) - len(more) - len(ends) - 1
    words = between.join(shown)
    cut = words if len(words) <= room else words[: room - 1] + "…"
    return f"{many}{cut}{more} {ends}".strip()


def push_topic(message_id: UUID) -> str:
    """Name a message for the push service: one that waits there is replaced, not repeated."""
    return message_id.hex
