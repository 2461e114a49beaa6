"""Tables of orders, their changes, their hops, and the append-only log of each hop."""

from datetime import datetime
from uuid import UUID

from shapely import Point
from sqlalchemy import (
    ARRAY,
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import AreaPath, Base, Record, SeenPath, Shape
from gis.store.scope import NO_ONE
from rescue_app.dispatch.changes import OrderStanding
from rescue_app.dispatch.drafts import Words
from rescue_app.dispatch.rules import HopState, StepKind

BOTH = " · "
TRANSACTION = text("pg_current_xact_id()::text::bigint")


def own_words(text: str, locale: str) -> str:
    """Of words that the program said in both languages give those of the reader."""
    zh, _, en = text.partition(BOTH)
    return zh if locale == "zh" or not en else en


class Order(Record):
    """What is to be done, where and by when; `area_path` is the issuing centre's.

    `what_en` is there where the words are a plan's own; what a person wrote stays as written.
    """

    __tablename__ = "dispatch_order"

    incident_id: Mapped[UUID | None] = mapped_column(ForeignKey("incident.id"), index=True)
    what: Mapped[str]
    what_en: Mapped[str] = mapped_column(server_default="")
    where: Mapped[str]
    where_en: Mapped[str] = mapped_column(server_default="")
    place: Mapped[Point | None] = mapped_column(Shape("POINT"))
    due_at: Mapped[datetime | None]
    urgency: Mapped[str]
    answer_within_s: Mapped[int]
    area_path: Mapped[AreaPath]
    issued_by: Mapped[UUID]
    issuer_name: Mapped[str]
    issuer_phone: Mapped[str]
    issuer_centre: Mapped[str]
    issuer_centre_en: Mapped[str]
    issued_at: Mapped[datetime]
    fingerprint: Mapped[str]
    standing: Mapped[str] = mapped_column(server_default=OrderStanding.IN_FORCE)
    is_drill: Mapped[bool] = mapped_column(default=False)
    synthetic: Mapped[bool] = mapped_column(default=False)
    checklist: Mapped[list[dict[str, str]]] = mapped_column(
        JSONB, server_default=text("'[]'::jsonb")
    )
    """What is ticked on site, in order, each item in both languages; no change touches it."""
    crew_needs: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    """What a crew has to be able to do or carry for it, where its plan names that."""

    def what_in(self, locale: str) -> str:
        """Give what is to be done in the reader's language, as far as it is known."""
        return self.what if locale == "zh" or not self.what_en else self.what_en

    def where_in(self, locale: str) -> str:
        """Give where it is to be done, in the reader's language where it is known."""
        return self.where if locale == "zh" or not self.where_en else self.where_en

    def items_in(self, locale: str) -> list[str]:
        """Give what is ticked on site, in the reader's language."""
        return [item["zh" if locale == "zh" else "en"] for item in self.checklist]

    @property
    def words(self) -> Words:
        """What the order asks for now."""
        return Words(self.what, self.where, self.due_at)


class OrderChange(Record):
    """What became of an order that was out: the words before it, those after it, who, and why.

    `hop_id` is set where only a hop and all below it is meant.
    """

    __tablename__ = "order_change"

    order_id: Mapped[UUID] = mapped_column(ForeignKey("dispatch_order.id"), index=True)
    hop_id: Mapped[UUID | None] = mapped_column(ForeignKey("assignment.id"))
    kind: Mapped[str]
    before: Mapped[dict[str, str | None]] = mapped_column(JSONB)
    after: Mapped[dict[str, str | None]] = mapped_column(JSONB)
    why: Mapped[str]
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    by_phone: Mapped[str]
    made_at: Mapped[datetime]
    area_path: Mapped[AreaPath]


class ChangeNotice(Record):
    """One hop that a change concerns; the answer is a projection of the hop's log."""

    __tablename__ = "change_notice"
    __table_args__ = (UniqueConstraint("assignment_id", "change_id"),)

    change_id: Mapped[UUID] = mapped_column(ForeignKey("order_change.id"), index=True)
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"))
    order_id: Mapped[UUID] = mapped_column(ForeignKey("dispatch_order.id"), index=True)
    area_path: Mapped[AreaPath]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    answer_name: Mapped[str | None]


class Assignment(Record):
    """One hop. From `state` to `offer_id` it is a projection: always rebuilt from the whole log.

    It says itself that it was given, when and by whom: its log begins with what is said to that.
    No key is asked for its order, unit and crew, or for other hops: it is written from their rows,
    and the program cannot remove one. `part` is what of the order is this hop's, in words of its
    own, with `part_due_at`.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        Index(
            "ix_assignment_area_path_state",
            "area_path",
            "state",
            postgresql_where=text("holder <> 'crew'"),
        ),
        Index("ix_assignment_crew_id_began_at", "crew_id", "began_at"),
        Index("ix_assignment_order_id_changed", "order_id", "changed"),
        Index(
            "ix_assignment_giver_path_offered",
            "giver_path",
            postgresql_where=text("offer_id IS NOT NULL"),
        ),
        Index(
            "ix_assignment_parent_id",
            "parent_id",
            postgresql_where=text("parent_id IS NOT NULL"),
        ),
        Index(
            "uq_assignment_replaces_id",
            "replaces_id",
            unique=True,
            postgresql_where=text("replaces_id IS NOT NULL"),
        ),
        UniqueConstraint("order_id", "id"),
    )

    order_id: Mapped[UUID]
    parent_id: Mapped[UUID | None]
    holder: Mapped[str]
    level: Mapped[str]
    area_path: Mapped[SeenPath]
    unit_id: Mapped[UUID]
    crew_id: Mapped[UUID | None]
    name: Mapped[str]
    name_en: Mapped[str]
    phone: Mapped[str]
    giver_path: Mapped[str]
    giver_name: Mapped[str]
    giver_phone: Mapped[str]
    began_at: Mapped[datetime]
    answer_due_at: Mapped[datetime]
    state: Mapped[str]
    state_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answer_name: Mapped[str | None]
    answer_phone: Mapped[str | None]
    answer_note: Mapped[str | None]
    offer_id: Mapped[UUID | None]
    part: Mapped[str] = mapped_column(server_default="")
    part_due_at: Mapped[datetime | None]
    lent_path: Mapped[str | None] = mapped_column(Text(collation="C"))
    replaces_id: Mapped[UUID | None]
    changed: Mapped[int] = mapped_column(BigInteger, server_default=TRANSACTION)
    """Which transaction wrote this row last, set by the database; the wall's deltas go by it."""

    @property
    def command_path(self) -> str:
        """Give the area whose commanders command this hop: a lent crew's are its borrower's."""
        return self.lent_path or self.area_path

    @property
    def given(self) -> "AssignmentStep":
        """Say as a line what a log begins with: by whom this hop was given, and when."""
        return AssignmentStep(
            id=self.id, assignment_id=self.id, order_id=self.order_id, area_path=self.area_path,
            kind=StepKind.QUEUED, done_at=self.began_at, received_at=self.began_at, note="",
            by_id=NO_ONE, by_name=self.giver_name, by_phone=self.giver_phone,
        )  # fmt: skip

    def show(self, state: HopState) -> None:
        """Keep beside the hop what its log adds up to."""
        answer = state.answer
        self.state, self.state_at = state.kind, state.since or self.began_at
        self.answered_at = answer.done_at if answer else None
        self.answer_name = answer.by_name if answer else None
        self.answer_phone = answer.by_phone if answer else None
        self.answer_note = answer.note if answer else None
        self.offer_id = state.offer.id if state.offer else None


class CallsDue(Record):
    """Hops of an order that were given together, and whose people are still to be called.

    The row goes with the last of the calls: whoever was killed before that leaves it to the next.
    """

    __tablename__ = "calls_due"

    order_id: Mapped[UUID] = mapped_column(ForeignKey("dispatch_order.id"))
    began_at: Mapped[datetime]
    area_path: Mapped[SeenPath]


class LogLine:
    """What every line of a log says: a deed, whose, when it was done, and when we heard of it."""

    area_path: Mapped[AreaPath]
    kind: Mapped[str]
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    by_phone: Mapped[str]
    done_at: Mapped[datetime]
    received_at: Mapped[datetime]
    place: Mapped[Point | None] = mapped_column(Shape("POINT", index=False))
    note: Mapped[str]
    how: Mapped[str | None]
    entered_by: Mapped[str | None]
    via: Mapped[str | None]
    """By which way an answer came that a gateway brought, by the name the city gave it."""

    def said_in(self, text: str, locale: str) -> str:
        """Give words of this line; the program's own are kept in both languages, zh first."""
        return own_words(text, locale) if self.by_id == NO_ONE else text


class AssignmentStep(LogLine, Base):
    """One line of a hop's log: a deed, when it was done, and when we heard of it.

    `offer` is what somebody proposes who cannot; `about_id` the line that a ruling is about.
    """

    __tablename__ = "assignment_step"
    __table_args__ = (
        Index("ix_assignment_step_order_id_received_at", "order_id", "received_at"),
        ForeignKeyConstraint(
            ["order_id", "assignment_id"], ["assignment.order_id", "assignment.id"]
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    assignment_id: Mapped[UUID] = mapped_column(index=True)
    order_id: Mapped[UUID]
    notice_id: Mapped[UUID | None] = mapped_column(ForeignKey("change_notice.id"), index=True)
    offer: Mapped[dict[str, str | None] | None] = mapped_column(JSONB(none_as_null=True))
    about_id: Mapped[UUID | None]
