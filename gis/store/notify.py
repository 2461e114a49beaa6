"""Tell live pages about a change, but only once it is committed, and never out of order.

Announcements wait in the session and become rows of `live_event` at the end of the unit of
work, under a lock held until the commit. So a sequence number that a reader has seen means
that all smaller ones are visible too, and a page that was away resumes from its last number.
"""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Identity, Index, Text, func
from sqlalchemy.orm import Mapped, Session, mapped_column

from gis.store.base import Base

CHANNEL = "yitong_live"
LOG_LOCK = 0x59_54_4C_47
"""Advisory lock held from the first log line to the commit; one for both logs."""


class LiveEvent(Base):
    """One line of the live log: what changed, and in whose areas."""

    __tablename__ = "live_event"
    __table_args__ = (
        Index("ix_live_event_at", "at"),
        Index("ix_live_event_topic_seq", "topic", "seq"),
    )

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    topic: Mapped[str]
    kind: Mapped[str]
    ref: Mapped[UUID | None]
    area_paths: Mapped[list[str]] = mapped_column(ARRAY(Text))


class Announcement(NamedTuple):
    """A change waiting for the commit."""

    topic: str
    kind: str
    ref: UUID | None
    area_paths: tuple[str, ...]


def announce(
    session: Session,
    *,
    topic: str,
    kind: str,
    ref: UUID | None,
    area_path: str,
    also: tuple[str, ...] = (),
) -> None:
    """Announce a change in an area (and in others that it concerns) at the commit."""
    waiting: list[Announcement] = session.info.setdefault("announcements", [])
    waiting.append(Announcement(topic, kind, ref, tuple(sorted({area_path, *also}))))
