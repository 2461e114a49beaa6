"""Tables of members' parts: who of a crew does what, the log of each, and the changes he owes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import AreaPath, Base, Record
from rescue_app.dispatch.models import TRANSACTION, LogLine
from rescue_app.dispatch.rules import HopState


class MemberPart(Record):
    """One member's part of what his crew was given. From `state` on it is a projection of its log.

    `check_in_at` is by when he has to be heard of while he is on site, `alarm_ref` what rings then.
    """

    __tablename__ = "member_part"
    __table_args__ = (
        Index("ix_member_part_order_id_changed", "order_id", "changed"),
        Index("ix_member_part_account_id", "account_id", "began_at"),
        Index(
            "ix_member_part_check_in_at",
            "check_in_at",
            postgresql_where=text("check_in_at IS NOT NULL"),
        ),
    )

    order_id: Mapped[UUID] = mapped_column(ForeignKey("dispatch_order.id"))
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"), index=True)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.id"))
    account_id: Mapped[UUID | None]
    name: Mapped[str]
    phone: Mapped[str]
    area_path: Mapped[AreaPath]
    giver_path: Mapped[str]
    giver_id: Mapped[UUID]
    giver_name: Mapped[str]
    giver_phone: Mapped[str]
    words: Mapped[str]
    due_at: Mapped[datetime | None]
    began_at: Mapped[datetime]
    answer_due_at: Mapped[datetime]
    state: Mapped[str]
    state_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answer_note: Mapped[str | None]
    heard_at: Mapped[datetime | None]
    check_in_at: Mapped[datetime | None]
    alarm_ref: Mapped[UUID | None]
    changed: Mapped[int] = mapped_column(BigInteger, server_default=TRANSACTION)
    """Which transaction wrote this row last, as a hop's own."""

    @property
    def person_id(self) -> UUID:
        """The account where there is one: as whom he is called."""
        return self.account_id or self.member_id

    def show(self, state: HopState) -> None:
        """Keep beside the part what its log adds up to."""
        answer = state.answer
        self.state, self.state_at = state.kind, state.since or self.began_at
        self.answered_at = answer.done_at if answer else None
        self.answer_note = answer.note if answer else None


class MemberStep(LogLine, Base):
    """One line of a member's log: a deed, when it was done, how it is known, when it was heard."""

    __tablename__ = "member_step"
    __table_args__ = (Index("ix_member_step_order_id_received_at", "order_id", "received_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    part_id: Mapped[UUID] = mapped_column(ForeignKey("member_part.id"), index=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("dispatch_order.id"))
    notice_id: Mapped[UUID | None] = mapped_column(ForeignKey("member_notice.id"), index=True)


class MemberNotice(Record):
    """A change that concerns one member, and his own answer to it.

    Where this part alone was taken back or changed there is no `change_id`: it says `why`, and
    what the part said `before` and says `after`.
    """

    __tablename__ = "member_notice"

    part_id: Mapped[UUID] = mapped_column(ForeignKey("member_part.id"), index=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("dispatch_order.id"), index=True)
    change_id: Mapped[UUID | None] = mapped_column(ForeignKey("order_change.id"))
    area_path: Mapped[AreaPath]
    kind: Mapped[str]
    why: Mapped[str]
    by_name: Mapped[str]
    made_at: Mapped[datetime]
    before: Mapped[dict[str, str | None] | None] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[dict[str, str | None] | None] = mapped_column(JSONB(none_as_null=True))
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
