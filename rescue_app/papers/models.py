"""The tables of cards: what was printed, and what was handed out."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import AreaPath, Base


class OfHolder:
    """Whose card: a household's row has its id alone; its name is for those who see households."""

    id: Mapped[UUID] = mapped_column(primary_key=True)
    point_id: Mapped[UUID] = mapped_column(ForeignKey("hazard_point.id"), index=True)
    area_path: Mapped[AreaPath]
    kind: Mapped[str]
    household_id: Mapped[UUID | None] = mapped_column(ForeignKey("household.id"), index=True)
    holder: Mapped[str]


def holder_checks() -> tuple[CheckConstraint, ...]:
    """Give what holds of any card."""
    return (
        CheckConstraint("kind IN ('refuge', 'work')", name="kind"),
        CheckConstraint("(kind = 'refuge') = (household_id IS NOT NULL)", name="household"),
        CheckConstraint("(kind = 'work') = (holder <> '')", name="holder"),
    )


class CardPrinted(OfHolder, Base):
    """One card as it was printed on a day; printed again the same day, it is one. Only added."""

    __tablename__ = "card_printed"
    __table_args__ = holder_checks()

    state: Mapped[str]
    reach_m: Mapped[int]
    printed_on: Mapped[date]
    printed_at: Mapped[datetime]
    by_name: Mapped[str]


class CardHanded(OfHolder, Base):
    """One card handed out, once per id. Only added: a row that `corrects` another replaces it.

    A correction without a day says that the card was not handed out. `state` is that of the
    card's last print by then; empty where none is known.
    """

    __tablename__ = "card_handed"
    __table_args__ = (
        *holder_checks(),
        CheckConstraint("(corrects IS NULL) = (reason = '')", name="correction"),
        CheckConstraint("handed_on IS NOT NULL OR corrects IS NOT NULL", name="day"),
    )

    handed_on: Mapped[date | None]
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    received_at: Mapped[datetime]
    corrects: Mapped[UUID | None] = mapped_column(ForeignKey("card_handed.id"), unique=True)
    reason: Mapped[str] = mapped_column(server_default="")
    state: Mapped[str] = mapped_column(server_default="")
    reach_m: Mapped[int | None]
