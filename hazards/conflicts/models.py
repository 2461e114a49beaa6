"""Tables of conflicts: which two versions there are, and what was ruled, each time."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import AreaPath, Record
from hazards.conflicts.rules import Choice


class VersionConflict(Record):
    """Two versions that contradict each other; its id follows from them, so it stands once.

    `first_id` is what was here before: a visit, an answer, or nothing where the register itself
    (`facts`) contradicts. `second_id` is the version that came: done, sent and received apart.
    `aside_id` is the one that does not count by what was ruled last.
    """

    __tablename__ = "version_conflict"
    __table_args__ = (
        Index("ix_version_conflict_open", "area_path", postgresql_where=text("choice = 'open'")),
    )

    area_path: Mapped[AreaPath]
    about: Mapped[str]
    subject_id: Mapped[UUID] = mapped_column(index=True)
    subject_name: Mapped[str]
    kind: Mapped[str]
    first_id: Mapped[UUID | None] = mapped_column(index=True)
    second_id: Mapped[UUID] = mapped_column(index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    author_id: Mapped[UUID]
    author_name: Mapped[str]
    done_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    choice: Mapped[str] = mapped_column(default=Choice.OPEN)
    aside_id: Mapped[UUID | None] = mapped_column(index=True)


class VersionRuling(Record):
    """What somebody ruled, and why; its id is made on the page. Only ever added."""

    __tablename__ = "version_ruling"

    conflict_id: Mapped[UUID] = mapped_column(ForeignKey("version_conflict.id"), index=True)
    area_path: Mapped[AreaPath]
    choice: Mapped[str]
    reason: Mapped[str]
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    ruled_at: Mapped[datetime]
