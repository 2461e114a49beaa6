"""Tables of measure cards: an edition is a whole file, and only ever added."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import Base


class MeasureEdition(Base):
    """One file of cards as it came in, word for word; the one `in_force` is shown."""

    __tablename__ = "measure_edition"
    __table_args__ = (
        Index(
            "uq_measure_edition_in_force",
            "in_force",
            unique=True,
            postgresql_where=text("in_force"),
        ),
    )

    edition: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    day: Mapped[date]
    digest: Mapped[str]
    said: Mapped[str]
    shipped: Mapped[bool]
    in_force: Mapped[bool]
    made_at: Mapped[datetime]
    made_by_name: Mapped[str]


class MeasureCard(Base):
    """A card of an edition, with all the words that a page needs to show it."""

    __tablename__ = "measure_card"

    edition: Mapped[int] = mapped_column(ForeignKey("measure_edition.edition"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    assets: Mapped[list[str]] = mapped_column(ARRAY(Text))
    content: Mapped[dict[str, Any]]
