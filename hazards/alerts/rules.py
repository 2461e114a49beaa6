"""What an alert has to say, what may become of it, and how one follows another: pure."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from shapely import MultiPolygon

from gis.errors import Conflict, Rejected

TOPIC = "alert"
"""What open pages and calls know it by."""
HEADLINE_LENGTH = 60
WORDS_LENGTH = 500
MOST_AREAS = 2_000
MOST_CORNERS = 5_000
LONGEST = timedelta(days=10)
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Signs that nobody sees and that no XML may hold: feeds and messages of others would break."""


class Colour(StrEnum):
    """The four warning colours, calmest first: 蓝 黄 橙 红."""

    BLUE = "blue"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"


GRAVE = frozenset({Colour.ORANGE, Colour.RED})
"""Colours in which danger comes before the daily round."""


class Source(StrEnum):
    """Where an alert came from."""

    HAND = "hand"
    RULE = "rule"
    OUTSIDE = "outside"


class State(StrEnum):
    """How an alert stands. In force is what is issued, until its time is over."""

    DRAFT = "draft"
    ISSUED = "issued"
    UPDATED = "updated"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    DROPPED = "dropped"


class Act(StrEnum):
    """What is done about an alert, by people or by the clock."""

    ISSUE = "issue"
    DROP = "drop"
    UPDATE = "update"
    CANCEL = "cancel"
    EXPIRE = "expire"


MOVES = {
    (State.DRAFT, Act.ISSUE): State.ISSUED,
    (State.DRAFT, Act.DROP): State.DROPPED,
    (State.DRAFT, Act.EXPIRE): State.DROPPED,
    (State.ISSUED, Act.UPDATE): State.UPDATED,
    (State.ISSUED, Act.CANCEL): State.CANCELLED,
    (State.ISSUED, Act.EXPIRE): State.EXPIRED,
}
NEEDS_WHY = frozenset({Act.DROP, Act.CANCEL})
WAITING, STANDING = frozenset({State.DRAFT}), frozenset({State.ISSUED})
PAST = frozenset(State) - WAITING - STANDING


@dataclass(frozen=True, slots=True)
class AlertDraft:
    """An alert as its author writes it; the id is made by his device.

    It holds in whole areas, inside what he drew, or in both. Without `onset_at` it holds from
    the moment it is issued. An update names the alert that it `follows`.
    """

    id: UUID
    colour: str
    hazard_type: str
    expires_at: datetime | None
    area_paths: tuple[str, ...] = ()
    drawn: MultiPolygon | None = None
    onset_at: datetime | None = None
    headline_zh: str = ""
    headline_en: str = ""
    instruction_zh: str = ""
    instruction_en: str = ""
    why: str = ""
    follows: UUID | None = None
    is_drill: bool = False
    source: Source = Source.HAND
    source_ref: str | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """The same in both languages."""

    zh: str
    en: str


def next_state(now: State, act: Act) -> State:
    """Give what an act makes of an alert, or refuse it."""
    if (now, act) not in MOVES:
        raise Conflict("Meanwhile this warning has changed. Reload the page and look at it again.")
    return MOVES[now, act]


def checked(draft: AlertDraft, *, now: datetime) -> AlertDraft:
    """Refuse a draft that nobody could act on; give it with its words trimmed."""
    if draft.colour not in set(Colour):
        raise Rejected("Choose a colour: blue, yellow, orange or red.")
    if not draft.area_paths and draft.drawn is None:
        raise Rejected("Say where the warning holds: tick areas, or draw them on the map.")
    if len(draft.area_paths) > MOST_AREAS:
        raise Rejected("These are too many areas. Tick the district instead.")
    if draft.onset_at is not None and draft.onset_at > now + LONGEST:
        raise Rejected("This warning begins more than {days} days from now. Check its year.",
                       days=LONGEST.days)  # fmt: skip
    if draft.expires_at is None or draft.expires_at <= max(now, draft.onset_at or now):
        raise Rejected("Say until when the warning holds; that time has to lie ahead.")
    if draft.expires_at > max(now, draft.onset_at or now) + LONGEST:
        raise Rejected("A warning holds for {days} days at most. Update it then.",
                       days=LONGEST.days)  # fmt: skip
    return _said(draft)


def _said(draft: AlertDraft) -> AlertDraft:
    names = ("headline_zh", "headline_en", "instruction_zh", "instruction_en", "why")
    words: dict[str, Any] = {name: UNSEEN.sub("", getattr(draft, name)).strip() for name in names}
    if max(len(words["headline_zh"]), len(words["headline_en"]) // 2) > HEADLINE_LENGTH:
        raise Rejected("The headline is too long. Say it in one short sentence.")
    if max(len(words["instruction_zh"]), len(words["instruction_en"]) // 2) > WORDS_LENGTH:
        raise Rejected("What to do is told too long. Keep to what everyone has to know.")
    if draft.follows is not None and not words["why"]:
        raise Rejected("Say what has changed: everyone who read the last warning reads it.")
    return replace(draft, **words, area_paths=outermost(draft.area_paths))


def outermost(paths: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out areas that lie in another one of them."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not kept or not path.startswith(kept[-1]):
            kept.append(path)
    return tuple(kept)


def checked_why(act: Act, why: str) -> str:
    """Refuse to take a warning back without saying why: people have acted on it."""
    said = why.strip()[:WORDS_LENGTH]
    if act in NEEDS_WHY and not said:
        raise Rejected("Say why. Whoever reads the warning's history reads it.")
    return said


def check_second(*, proposed_by: UUID, by: UUID, source: Source) -> None:
    """Hold that what one person wrote another one reads before thousands are told."""
    if source is Source.HAND and proposed_by == by:
        raise Rejected("You proposed this warning. Somebody else approves it.")


def headline(hazard: Words, colour: Words) -> Words:
    """Give what a warning is called where its author gave it no name."""
    return Words(f"{hazard.zh}{colour.zh}预警", f"{colour.en} warning: {hazard.en.lower()}")


def graver(first: str, second: str) -> bool:
    """Tell whether one colour is graver than another."""
    return tuple(Colour).index(Colour(first)) > tuple(Colour).index(Colour(second))
