"""Tables of what a review measures by, and of the lessons drawn from it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import AreaPath, Base, Record


class Indicator(Base):
    """One indicator: its name, its formula, its level, and the target that the city sets."""

    __tablename__ = "review_indicator"

    code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    figure: Mapped[str]
    of: Mapped[str]
    level: Mapped[str]
    target: Mapped[float]
    changed_by_name: Mapped[str]


class Lesson(Record):
    """What is to be better next time, whose it is and by when; its owner sees it wherever he is.

    `call_at` is when the owner is called next, `call_ref` the call that rings about it now.
    """

    __tablename__ = "review_lesson"
    __table_args__ = (
        Index("ix_review_lesson_call_at", "call_at", postgresql_where=text("call_at IS NOT NULL")),
    )

    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incident.id"), index=True)
    area_path: Mapped[AreaPath]
    owner_path: Mapped[str] = mapped_column(Text(collation="C"), index=True)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    owner_name: Mapped[str]
    owner_name_en: Mapped[str]
    words: Mapped[str]
    due_at: Mapped[datetime]
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    made_at: Mapped[datetime]
    call_at: Mapped[datetime | None]
    call_ref: Mapped[UUID | None]
    done_at: Mapped[datetime | None]
    done_by_name: Mapped[str | None]
    done_how: Mapped[str | None]
    is_drill: Mapped[bool] = mapped_column(default=False)
    synthetic: Mapped[bool] = mapped_column(default=False)
