"""Tables of CAP coming in: sources, their keys, what each sent, what was refused and why."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKey, Index, LargeBinary, SmallInteger, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import AreaPath, Base, Record


class CapWord(Base):
    """A word for an event, and which kind of hazard it is with us."""

    __tablename__ = "cap_word"

    word: Mapped[str] = mapped_column(primary_key=True)
    hazard_type: Mapped[str] = mapped_column(ForeignKey("hazard_type.code"))
    position: Mapped[int] = mapped_column(SmallInteger)


class CapSource(Record):
    """Somebody who sends us warnings: what he may say, and how far he is believed.

    What he sends waits for a person unless `at_once`. `senders` are the names he may send under,
    `certificates` those that his signature is checked by.
    """

    __tablename__ = "cap_source"

    name: Mapped[str]
    area_path: Mapped[AreaPath]
    senders: Mapped[list[str]] = mapped_column(ARRAY(Text))
    hazard_type: Mapped[str] = mapped_column(ForeignKey("hazard_type.code"))
    at_once: Mapped[bool]
    needs_signature: Mapped[bool]
    certificates: Mapped[str]
    feed_url: Mapped[str]
    every_minutes: Mapped[int]
    active: Mapped[bool]
    made_by_name: Mapped[str]
    etag: Mapped[str] = mapped_column(server_default="")
    asked_at: Mapped[datetime | None]
    heard_at: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(server_default="")
    trouble_facts: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    minute: Mapped[datetime | None]
    in_minute: Mapped[int] = mapped_column(server_default="0")


class CapKey(Base):
    """The digest of a source's key; read by the program alone."""

    __tablename__ = "cap_key"

    source_id: Mapped[UUID] = mapped_column(
        ForeignKey("cap_source.id", ondelete="CASCADE"), primary_key=True
    )
    area_path: Mapped[AreaPath]
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)


class CapMessage(Record):
    """A message as it came, once, and what became of it."""

    __tablename__ = "cap_message"
    __table_args__ = (
        Index("uq_cap_message_identifier", "identifier", "sender", "sent", unique=True),
    )

    source_id: Mapped[UUID] = mapped_column(ForeignKey("cap_source.id"), index=True)
    area_path: Mapped[AreaPath]
    identifier: Mapped[str]
    sender: Mapped[str]
    sent: Mapped[datetime]
    kind: Mapped[str]
    status: Mapped[str]
    note: Mapped[str]
    came_at: Mapped[datetime]
    way: Mapped[str]
    by_name: Mapped[str]
    entry: Mapped[str]
    signed_by: Mapped[str]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    outcome: Mapped[str]
    alert_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))


class CapRefusal(Base):
    """What was refused: where it came from, why, and what to do. Only added."""

    __tablename__ = "cap_refusal"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    source_id: Mapped[UUID] = mapped_column(ForeignKey("cap_source.id"), index=True)
    area_path: Mapped[AreaPath]
    at: Mapped[datetime]
    way: Mapped[str]
    by_name: Mapped[str]
    entry: Mapped[str]
    about: Mapped[str]
    said: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
