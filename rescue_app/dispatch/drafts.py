"""What a commander's form turns into before anything is written."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple, Self
from uuid import UUID

import orjson
from pydantic import TypeAdapter
from shapely import Point

from gis.areas.placing import CITY_ZONE
from gis.errors import Rejected
from rescue_app.dispatch.checklist import checked_items
from rescue_app.dispatch.rules import HopKind, How, StepKind, Urgency

KINDS = frozenset({"unit", "crew", "member"})
NUMBERS = TypeAdapter(list[UUID])
"""Reads 5,000 ids in a tenth of Python's own time."""
CHOOSE = "Choose who is to get the order from the list."
WHAT_LENGTH = 500
WHERE_LENGTH = 200
FARTHEST = timedelta(days=366)
# Within how many seconds each hop's person has to answer, unless the order says otherwise.
ANSWER_WITHIN_S = {Urgency.FLASH: 180, Urgency.URGENT: 300, Urgency.ROUTINE: 1800}


class Target(NamedTuple):
    """Who is to get an order: a unit, a crew or one of its members, perhaps with a part.

    A plain tuple, of which 5,000 are made in a quarter of a dataclass's time.
    """

    kind: str
    id: UUID
    part: str = ""
    due_at: datetime | None = None

    @classmethod
    def parse(cls, text: str, part: str = "", due_at: datetime | None = None) -> Self:
        """Read `unit:<id>`, `crew:<id>` or `member:<id>` as forms send it."""
        (target,) = cls.parse_all([text])
        return target._replace(part=checked_part(part), due_at=due_at)

    @classmethod
    def parse_all(cls, texts: Iterable[str]) -> tuple[Self, ...]:
        """Read many at once: an order may name 5,000."""
        said = [text.partition(":") for text in texts]
        try:
            numbers = NUMBERS.validate_python([parts[2] for parts in said])
        except ValueError:
            raise Rejected(CHOOSE) from None
        kinds = [parts[0] for parts in said]
        if not KINDS.issuperset(kinds):
            raise Rejected(CHOOSE)
        return tuple(map(cls, kinds, numbers))

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
    """A target as it was found: what of an order is his, and whom of a crew it names."""

    holder: HopKind
    unit_id: UUID
    crew_id: UUID | None
    name: str
    name_en: str
    area_path: str
    lent_path: str | None = None
    part: str = ""
    part_due_at: datetime | None = None
    members: tuple[PartDraft, ...] = ()

    @property
    def works_in(self) -> str:
        """Give the area whose centre sends it: of a lent crew its borrower's."""
        return self.lent_path or self.area_path

    @property
    def target(self) -> Target:
        """Give him as who is to get an order."""
        own = ("crew", self.crew_id) if self.crew_id else ("unit", self.unit_id)
        return Target(*own, self.part, self.part_due_at)


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
    checklist: tuple[dict[str, str], ...] = ()
    """What is ticked on site, in order, each item in both languages."""
    crew_needs: tuple[str, ...] = ()

    @property
    def within_s(self) -> int:
        """Seconds for each hop's answer."""
        return self.answer_within_s or ANSWER_WITHIN_S[self.urgency]

    @property
    def fingerprint(self) -> str:
        """Tell apart a second press of the same order and another order under its number."""
        chosen = {target.id.int: target for target in self.targets}
        told = (
            self.what.strip(),
            self.where.strip(),
            self.urgency,
            [tuple(target) for _, target in sorted(chosen.items())],
            str(self.incident_id),
            self.place.wkt if self.place else "",
            self.due_at.isoformat() if self.due_at else "",
            self.within_s,
            self.is_drill,
            [item["zh"] for item in self.checklist],
            *([sorted(self.crew_needs)] if self.crew_needs else ()),
        )
        return hashlib.sha256(orjson.dumps(told)).hexdigest()


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
    via: str | None = None
    offer: Offer | None = None


def checked_part(words: str) -> str:
    """Refuse a part that a crew at night could not read."""
    if len(words.strip()) > WHAT_LENGTH:
        raise Rejected("The order is too long to be read in the rain. Shorten it.")
    return words.strip()


def check_ahead(*deadlines: datetime | None, now: datetime) -> None:
    """Refuse a deadline that has passed by our clock, and say what it shows: phones drift.

    One in the year 9999 was kept, and no page that says the city's time could show its order.
    """
    if any(due_at is not None and due_at > now + FARTHEST for due_at in deadlines):
        raise Rejected("This deadline is more than a year away. Check its year.")
    if any(due_at is not None and due_at <= now for due_at in deadlines):
        raise Rejected(
            "This deadline has passed already. It is {clock} now: "
            "choose a later time, or leave it empty for at once.",
            clock=now.astimezone(CITY_ZONE).strftime("%Y-%m-%d %H:%M"),
        )


def changed_due(old: datetime | None, new: datetime | None, *, now: datetime) -> datetime | None:
    """Give the deadline of changed words: what stood may have passed, a new one lies ahead.

    A form tells minutes, so the minute of the old one is the old one.
    """
    if old == new or (old and new == old.replace(second=0, microsecond=0)):
        return old
    check_ahead(new, now=now)
    return new


def checked_order(draft: OrderDraft, *, now: datetime) -> OrderDraft:
    """Refuse an order that a crew at night could not act on."""
    checked_words(Words(draft.what, draft.where, draft.due_at))
    check_ahead(draft.due_at, *(target.due_at for target in draft.targets), now=now)
    somebody(draft.targets)
    checked_items(draft.checklist)
    if draft.answer_within_s is not None and draft.answer_within_s <= 0:
        raise Rejected("The time to answer has to be longer than nothing.")
    return draft


def somebody(targets: Collection[Target]) -> Collection[Target]:
    """Refuse to give an order to nobody: it would look as if it had gone down."""
    if not targets:
        raise Rejected("Choose at least one district, street, department or crew.")
    return targets


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
