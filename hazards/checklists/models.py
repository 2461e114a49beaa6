"""Tables of checklists: templates, their items, and the figures that a city may set itself."""

from typing import Any

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import Base


class Threshold(Base):
    """A figure at which an answer turns bad. `own_value` is what this city set instead."""

    __tablename__ = "threshold"

    code: Mapped[str] = mapped_column(primary_key=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    note_zh: Mapped[str]
    note_en: Mapped[str]
    unit: Mapped[str]
    stop: Mapped[bool]
    default_value: Mapped[float]
    own_value: Mapped[float | None]


class ChecklistTemplate(Base):
    """What to look at on one kind of place, such as `asset:bridge` or `point:critical`."""

    __tablename__ = "checklist_template"
    __table_args__ = (
        Index("ix_checklist_template_applies_to", "applies_to", postgresql_using="gin"),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    applies_to: Mapped[list[str]] = mapped_column(ARRAY(Text))
    retired: Mapped[bool] = mapped_column(default=False)


class ChecklistItem(Base):
    """One item. A retired one is kept: inspections of its day still speak of it."""

    __tablename__ = "checklist_item"

    template_code: Mapped[str] = mapped_column(
        ForeignKey("checklist_template.code"), primary_key=True
    )
    code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    kind: Mapped[str]
    text_zh: Mapped[str]
    text_en: Mapped[str]
    grade: Mapped[int]
    stop: Mapped[bool]
    bad_answer: Mapped[bool | None]
    choices: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    unit: Mapped[str]
    minimum: Mapped[float | None]
    maximum: Mapped[float | None]
    bad_above: Mapped[float | None]
    bad_below: Mapped[float | None]
    above_threshold: Mapped[str | None] = mapped_column(ForeignKey("threshold.code"))
    below_threshold: Mapped[str | None] = mapped_column(ForeignKey("threshold.code"))
    retired: Mapped[bool] = mapped_column(default=False)
