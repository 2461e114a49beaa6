"""What a commander's form turns into before anything is written."""

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self
from uuid import UUID

from shapely import Point

from gis.errors import Rejected
from rescue_app.dispatch.rules import HopKind, How, StepKind, Urgency

WHAT_LENGTH = 500
WHERE_LENGTH = 200
# Within how many seconds each hop's person has to answer, unless the order says otherwise.
ANSWER_WITHIN_S = {Urgency.FLASH: 180, Urgency.URGENT: 300, Urgency.ROUTINE: 1800}


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """Who is to get an order: a unit, a crew or one of its members, perhaps with a part."""

    kind: str
    id: UUID
    part: str = field(default="", compare=False)
    due_at: datetime | None = field(default=None, compare=False)

    @classmethod
    def parse(cls, text: str, part: str = "", due_at: datetime | None = None) -> Self:
        """Read `unit:<id>`, `crew:<id>` or `member:<id>` as forms send it."""
        kind, _, number = text.partition(":")
        if kind not in {"unit", "crew", "member"}:
            raise Rejected("Choose who is to get the order from the list.")
        try:
            return cls(kind, UUID(number), checked_part(part), due_at)
        except ValueError:
            raise Rejected("Choose who is to get the order from the list.") from None

    @property
    def value(self) -> str:
        """Write it as forms send it."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class PartDraft:
    """What of a crew's order is one member's; without words he has all of it."""

    member_id: UUID
    words: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """A target as it was found: what of it a hop keeps, and whom of a crew the order names."""

    holder: HopKind
    unit_id: UUID
    crew_id: UUID | None
    name: str
    name_en: str
    phone: str
    level: str
    area_path: str
    lent_path: str | None = None
    part: str = ""
    part_due_at: datetime | None = None
    members: tuple[PartDraft, ...] = ()

    @property
    def works_in(self) -> str:
        """Give the area whose centre sends it: of a lent crew its borrower's."""
        return self.lent_path or self.area_path


@dataclass(frozen=True, slots=True)
class Offer:
    """What somebody proposes who cannot: another one, another time, other means."""

    target: Target | None = None
    due_at: datetime | None = None
    means: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """What an order asks for: the parts of it that can be amended."""

    what: str
    where: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """An order as its issuer writes it; the id is made by his page."""

    id: UUID
    what: str
    where: str
    urgency: Urgency
    targets: tuple[Target, ...]
    incident_id: UUID | None = None
    place: Point | None = None
    due_at: datetime | None = None
    answer_within_s: int | None = None
    is_drill: bool = False
    what_en: str = ""

    @property
    def within_s(self) -> int:
        """Seconds for each hop's answer."""
        return self.answer_within_s or ANSWER_WITHIN_S[self.urgency]

    @property
    def fingerprint(self) -> str:
        """Tell apart a second press of the same order and another order under its number."""
        told = (
            self.what.strip(),
            self.where.strip(),
            self.urgency,
            sorted(f"{t.value}{t.part}{t.due_at or ''}" for t in set(self.targets)),
            str(self.incident_id),
            self.place.wkt if self.place else "",
            self.due_at.isoformat() if self.due_at else "",
            self.within_s,
            self.is_drill,
        )
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class StepDraft:
    """A step as its teller's page sends it."""

    id: UUID
    kind: StepKind
    note: str = ""
    done_at: datetime | None = None
    place: Point | None = None
    notice_id: UUID | None = None
    how: How | None = None
    entered_by: str | None = None
    offer: Offer | None = None


def checked_part(words: str) -> str:
    """Refuse a part that a crew at night could not read."""
    if len(words.strip()) > WHAT_LENGTH:
        raise Rejected("The order is too long to be read in the rain. Shorten it.")
    return words.strip()


def checked_order(draft: OrderDraft) -> OrderDraft:
    """Refuse an order that a crew at night could not act on."""
    checked_words(Words(draft.what, draft.where, draft.due_at))
    if not draft.targets:
        raise Rejected("Choose at least one district, street, department or crew.")
    if draft.answer_within_s is not None and draft.answer_within_s <= 0:
        raise Rejected("The time to answer has to be longer than nothing.")
    return draft


def checked_words(words: Words) -> Words:
    """Refuse words that a crew at night could not act on."""
    new = replace(words, what=words.what.strip(), where=words.where.strip())
    if not new.what:
        raise Rejected("Say what is to be done.")
    if not new.where:
        raise Rejected("Say where it is to be done.")
    if len(new.what) > WHAT_LENGTH or len(new.where) > WHERE_LENGTH:
        raise Rejected("The order is too long to be read in the rain. Shorten it.")
    return new
