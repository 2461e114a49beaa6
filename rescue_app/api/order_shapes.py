"""JSON shapes of orders."""

from datetime import datetime
from typing import Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from shapely import Point

from hazards.checklists.visits import deed_time
from rescue_app.dispatch.board import Outline
from rescue_app.dispatch.changes import ChangeDraft, ChangeKind
from rescue_app.dispatch.changes_repository import ChangeLine
from rescue_app.dispatch.checklist import items_of
from rescue_app.dispatch.drafts import Offer, OrderDraft, StepDraft, Target, Words
from rescue_app.dispatch.models import Assignment, AssignmentStep, Order
from rescue_app.dispatch.rules import StepKind, Urgency


class Placed(BaseModel):
    """Something that may say where it is."""

    lon: float | None = Field(default=None, ge=-180, le=180)
    lat: float | None = Field(default=None, ge=-90, le=90)

    def place(self) -> Point | None:
        """Give the place, if both numbers are there."""
        return None if self.lon is None or self.lat is None else Point(self.lon, self.lat)


class OrderIn(Placed):
    """An order as its issuer's page sends it. Targets are `unit:<id>` or `crew:<id>`.

    `crew_needs` names what a crew has to be able to do or carry, by the codes of crews' abilities.
    """

    id: UUID
    what: str
    where: str
    urgency: Urgency = Urgency.URGENT
    targets: list[str]
    incident_id: UUID | None = None
    due_at: AwareDatetime | None = None
    answer_within_s: int | None = None
    is_drill: bool = False
    checklist: list[str] = []
    crew_needs: tuple[str, ...] = ()

    def draft(self) -> OrderDraft:
        """Give it as the service takes it."""
        plain = self.model_dump(exclude={"targets", "lon", "lat", "checklist"})
        chosen = Target.parse_all(self.targets)
        items = items_of(self.checklist)
        return OrderDraft(**plain, targets=chosen, place=self.place(), checklist=items)


class OfferIn(BaseModel):
    """What somebody proposes who cannot. The target is `unit:<id>` or `crew:<id>`."""

    target: str | None = None
    due_at: AwareDatetime | None = None
    means: str = ""

    def offer(self) -> Offer:
        """Give it as the service takes it."""
        return Offer(Target.parse(self.target) if self.target else None, self.due_at, self.means)


class RulingIn(BaseModel):
    """The giver's word on a proposal: taken, or declined and why."""

    take: bool
    why: str = ""


class StepIn(Placed):
    """A step as its teller's page sends it, perhaps long after the deed."""

    id: UUID
    kind: StepKind
    note: str = ""
    done_at: AwareDatetime | None = None
    notice_id: UUID | None = None
    offer: OfferIn | None = None
    by: UUID | None = None
    """The account that said it, on a phone that may have changed hands since."""
    sent_at: AwareDatetime | None = None
    """The phone's clock at the moment of sending: against ours it tells how far it is off."""

    def draft(self, now: datetime) -> StepDraft:
        """Give it as the service takes it, its time put right."""
        done_at = deed_time(self, received_at=now).done_at if self.done_at else None
        told = self.id, self.kind, self.note, done_at
        offer = self.offer.offer() if self.offer else None
        return StepDraft(*told, self.place(), self.notice_id, offer=offer)


class PartIn(BaseModel):
    """What of an order is one target's, in words of its own."""

    words: str = ""
    due_at: AwareDatetime | None = None


class PassDownIn(BaseModel):
    """Whom to pass an order on to; `parts` holds the words of those who have some of their own."""

    id: UUID
    targets: list[str]
    parts: dict[str, PartIn] = Field(default_factory=dict)
    note: str = ""

    def chosen(self) -> list[Target]:
        """Give the targets as the service takes them."""
        none = PartIn()
        parts = {target: self.parts.get(target, none) for target in self.targets}
        return [Target.parse(target, part.words, part.due_at) for target, part in parts.items()]


class TakeBackIn(BaseModel):
    """Why a hop is withdrawn; a recall calls everybody there away at once."""

    id: UUID
    kind: Literal["cancelled", "recalled"] = "cancelled"
    note: str = ""

    def draft(self) -> ChangeDraft:
        """Give it as the service takes it."""
        return ChangeDraft(self.id, ChangeKind(self.kind), self.note)


class ChangeIn(BaseModel):
    """A change of an order that is out; what an amended order leaves out stays as it is."""

    id: UUID
    kind: ChangeKind
    why: str = ""
    what: str | None = None
    where: str | None = None
    due_at: AwareDatetime | None = None

    def draft(self, order: Order) -> ChangeDraft:
        """Give it as the service takes it."""
        due = self.due_at if "due_at" in self.model_fields_set else order.due_at
        words = Words(self.what or order.what, self.where or order.where, due)
        return ChangeDraft(self.id, self.kind, self.why, words)


class HopOut(BaseModel):
    """A hop as it stands."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    parent_id: UUID | None
    holder: str
    level: str
    area_path: str
    name: str
    name_en: str
    phone: str
    giver_name: str
    giver_phone: str
    began_at: datetime
    answer_due_at: datetime
    state: str
    state_at: datetime
    answered_at: datetime | None
    answer_name: str | None
    answer_phone: str | None
    answer_note: str | None
    offer_id: UUID | None
    part: str
    part_due_at: datetime | None
    replaces_id: UUID | None

    @classmethod
    def of(cls, hop: Assignment) -> Self:
        """Read it off the row."""
        return cls.model_validate(hop)


class StepOut(BaseModel):
    """One line of a hop's log."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    assignment_id: UUID
    kind: str
    by_name: str
    by_phone: str
    done_at: datetime
    received_at: datetime
    note: str
    offer: dict[str, str | None] | None
    about_id: UUID | None

    @classmethod
    def of(cls, step: AssignmentStep) -> Self:
        """Read it off the row."""
        return cls.model_validate(step)


class NumbersOut(BaseModel):
    """An order in numbers."""

    model_config = ConfigDict(from_attributes=True)

    hops: int
    silent: int
    returned: int
    crews: int
    crews_answered: int
    crews_moving: int
    crews_arrived: int
    crews_done: int
    down: bool
    finished: bool


class ChangeOut(BaseModel):
    """What became of an order, and how many of those it concerns have answered."""

    id: UUID
    hop_id: UUID | None
    kind: str
    before: dict[str, str | None]
    after: dict[str, str | None]
    why: str
    by_name: str
    made_at: datetime
    asked: int
    taken: int

    @classmethod
    def of(cls, line: ChangeLine) -> Self:
        """Read it off the line."""
        names = cls.model_fields.keys() - {"asked", "taken"}
        told = {name: getattr(line.change, name) for name in names}
        return cls(**told, asked=line.asked, taken=line.taken)


class OrderHead(BaseModel):
    """An order without its way down: that of 5,000 crews has three megabytes."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    incident_id: UUID | None
    what: str
    where: str
    checklist: list[dict[str, str]]
    urgency: str
    due_at: datetime | None
    issued_at: datetime
    issuer_name: str
    issuer_phone: str
    standing: str
    is_drill: bool
    synthetic: bool


class OrderOut(OrderHead):
    """An order with what the reader may see of its way down."""

    numbers: NumbersOut
    hops: list[HopOut]
    steps: list[StepOut]
    changes: list[ChangeOut]

    @classmethod
    def of(cls, shown: Outline) -> Self:
        """Read it off the outline."""
        return cls(
            **{name: getattr(shown.order, name) for name in OrderHead.model_fields},
            numbers=NumbersOut.model_validate(shown.numbers),
            hops=[HopOut.of(hop) for _, hop in shown.tree],
            steps=[StepOut.of(step) for step, _ in shown.timeline],
            changes=[ChangeOut.of(line) for line in shown.changes],
        )
