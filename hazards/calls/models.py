"""Tables of calls. The log is the truth; ladders and rungs keep beside it what it adds up to."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import AreaPath, Base, Record, SeenPath, new_id


class Call(Record):
    """One matter; `opener_path` is the centre that called, `area_path` where the matter lies."""

    __tablename__ = "call"
    __table_args__ = (UniqueConstraint("topic", "ref"),)

    topic: Mapped[str]
    ref: Mapped[UUID]
    area_path: Mapped[SeenPath]
    opener_path: Mapped[SeenPath]
    opener_name: Mapped[str]
    text_zh: Mapped[str]
    text_en: Mapped[str]
    page: Mapped[str]
    urgency: Mapped[str]
    rule: Mapped[str]
    opened_at: Mapped[datetime] = mapped_column(index=True)
    over_at: Mapped[datetime | None]
    over_why: Mapped[str]
    is_drill: Mapped[bool] = mapped_column(default=False)
    synthetic: Mapped[bool] = mapped_column(default=False)
    cry: Mapped[str] = mapped_column(default="", server_default="")
    bundle: Mapped[UUID | None]
    """What it has in common with other matters that ask the same of a person (`bundling`)."""
    wordings: Mapped[list[dict[str, Any]]] = mapped_column(
        JSONB, server_default=text("'[]'::jsonb")
    )
    """What it said and says, the oldest first, where its words were changed (`parting`)."""


class CallLadder(Base):
    """One climb. `wakes_at` is its timer: the worker claims what is past, nobody else looks."""

    __tablename__ = "call_ladder"
    __table_args__ = (
        Index("ix_call_ladder_wakes_at", "wakes_at", postgresql_where=text("wakes_at IS NOT NULL")),
        Index("ix_call_ladder_state_due_at", "state", "due_at"),
        UniqueConstraint("call_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"))
    number: Mapped[int]
    area_path: Mapped[SeenPath]
    opener_path: Mapped[SeenPath]
    state: Mapped[str]
    position: Mapped[int]
    due_at: Mapped[datetime]
    wakes_at: Mapped[datetime | None]
    outcome_rung_id: Mapped[UUID | None]
    outcome: Mapped[str | None]


class CallRung(Base):
    """A named person on a ladder, kept as the roster had him; his times stand apart."""

    __tablename__ = "call_rung"
    __table_args__ = (
        Index("ix_call_rung_ladder_id_position", "ladder_id", "position"),
        Index("ix_call_rung_call_id_person_id", "call_id", "person_id"),
        Index("ix_call_rung_account_id_queued_at", "account_id", "queued_at"),
        Index(
            "ix_call_rung_queued_at",
            "queued_at",
            postgresql_where=text("handed_at IS NULL AND queued_at IS NOT NULL"),
        ),
        # One key for both: thousands of rungs are written at once, and each key is looked up.
        ForeignKeyConstraint(["call_id", "ladder_id"], ["call_ladder.call_id", "call_ladder.id"]),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    call_id: Mapped[UUID]
    ladder_id: Mapped[UUID]
    position: Mapped[int]
    kind: Mapped[str]
    person_id: Mapped[UUID]
    account_id: Mapped[UUID | None]
    member_id: Mapped[UUID | None]
    name: Mapped[str]
    post: Mapped[str]
    phone: Mapped[str]
    area_path: Mapped[SeenPath]
    opener_path: Mapped[SeenPath]
    window_s: Mapped[int]
    due_at: Mapped[datetime]
    handed_at: Mapped[datetime | None]
    channel: Mapped[str | None]
    queued_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    answer_event_id: Mapped[UUID | None]


class CallEvent(Base):
    """One line of the log: a receipt, or what a person said, and for which rungs."""

    __tablename__ = "call_event"
    __table_args__ = (Index("ix_call_event_call_id_person_id", "call_id", "person_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"))
    person_id: Mapped[UUID | None]
    rung_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    kind: Mapped[str]
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    taken_by: Mapped[str | None]
    channel: Mapped[str | None]
    why: Mapped[str]
    next_step: Mapped[str]
    next_by: Mapped[datetime | None]
    done_at: Mapped[datetime]
    received_at: Mapped[datetime]
    area_path: Mapped[SeenPath]
    opener_path: Mapped[SeenPath]


class CallMessage(Base):
    """One message that left for one person, and how many matters it spoke of."""

    __tablename__ = "call_message"
    __table_args__ = (Index("ix_call_message_person_id_sent_at", "person_id", "sent_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID]
    channel: Mapped[str]
    sent_at: Mapped[datetime]
    matters: Mapped[int]
    area_path: Mapped[AreaPath]
