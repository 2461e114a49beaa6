"""Tables of measure cards: an edition is a whole file, and only ever added."""

from typing import Any

from sqlalchemy import ForeignKey, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import Base
from hazards.editions import Edition


class MeasureEdition(Edition):
    """One file of cards."""

    __tablename__ = "measure_edition"


class MeasureCard(Base):
    """A card of an edition, with all the words that a page needs to show it."""

    __tablename__ = "measure_card"

    edition: Mapped[int] = mapped_column(ForeignKey("measure_edition.edition"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    assets: Mapped[list[str]] = mapped_column(ARRAY(Text))
    content: Mapped[dict[str, Any]]
