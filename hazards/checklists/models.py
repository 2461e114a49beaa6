"""Tables of checklists: templates, their items, and the figures that a city may set itself."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import Base
from hazards.checklists.rules import Mode, Rhythm, Season

ONE_OF = "{} IN ({})"


def one_of(column: str, words: type[StrEnum]) -> CheckConstraint:
    """Hold that a column has one of an enumeration's words."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(ONE_OF.format(column, listed), name=column)


class Threshold(Base):
    """A figure at which an answer turns bad, as it ships."""

    __tablename__ = "threshold"

    code: Mapped[str] = mapped_column(primary_key=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    note_zh: Mapped[str]
    note_en: Mapped[str]
    unit: Mapped[str]
    stop: Mapped[bool]
    default_value: Mapped[float]


class ThresholdOwn(Base):
    """What a city or a district set instead, for itself and all below it."""

    __tablename__ = "threshold_own"

    code: Mapped[str] = mapped_column(ForeignKey("threshold.code"), primary_key=True)
    area_path: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    value: Mapped[float]
    set_at: Mapped[datetime]
    set_by_name: Mapped[str]


class ChecklistTemplate(Base):
    """One version of a list: what to look at, on which places, in which mode, how often.

    `applies_to` names kinds of places, such as `asset:bridge` or `point:critical`; no hazard
    types means all of them. A version is never changed: an edit makes the next one, and the
    lists answered before keep theirs. The one that is not retired is in force.
    """

    __tablename__ = "checklist_template"
    __table_args__ = (
        Index("ix_checklist_template_applies_to", "applies_to", postgresql_using="gin"),
        Index(
            "uq_checklist_template_in_force",
            "code",
            unique=True,
            postgresql_where=text("NOT retired"),
        ),
        one_of("mode", Mode),
        one_of("rhythm", Rhythm),
        one_of("season", Season),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    applies_to: Mapped[list[str]] = mapped_column(ARRAY(Text))
    hazard_types: Mapped[list[str]] = mapped_column(ARRAY(Text))
    mode: Mapped[str]
    season: Mapped[str]
    rhythm: Mapped[str]
    role: Mapped[str]
    window_hours: Mapped[int]
    shipped: Mapped[bool]
    digest: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())
    made_by_name: Mapped[str]
    retired: Mapped[bool] = mapped_column(default=False)


class ChecklistItem(Base):
    """One item of a version. The same `question` on one point and day is answered once."""

    __tablename__ = "checklist_item"
    __table_args__ = (
        ForeignKeyConstraint(
            ["template_code", "version"],
            ["checklist_template.code", "checklist_template.version"],
        ),
    )

    template_code: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    question: Mapped[str]
    kind: Mapped[str]
    text_zh: Mapped[str]
    text_en: Mapped[str]
    grade: Mapped[int]
    stop: Mapped[bool]
    bad_answer: Mapped[bool | None]
    choices: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    required: Mapped[bool] = mapped_column(server_default=text("false"))
    unit: Mapped[str]
    minimum: Mapped[float | None]
    maximum: Mapped[float | None]
    bad_above: Mapped[float | None]
    bad_below: Mapped[float | None]
    above_threshold: Mapped[str | None] = mapped_column(ForeignKey("threshold.code"))
    below_threshold: Mapped[str | None] = mapped_column(ForeignKey("threshold.code"))
