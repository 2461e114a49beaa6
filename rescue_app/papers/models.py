"""The table of cards that were handed out."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import AreaPath, Base


class CardHanded(Base):
    """One card handed out, once per id. Only added.

    A household's row has its id alone: its name is for those who see households.
    """

    __tablename__ = "card_handed"
    __table_args__ = (
        CheckConstraint("kind IN ('refuge', 'work')", name="kind"),
        CheckConstraint("(kind = 'refuge') = (household_id IS NOT NULL)", name="household"),
        CheckConstraint("(kind = 'work') = (holder <> '')", name="holder"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    point_id: Mapped[UUID] = mapped_column(ForeignKey("hazard_point.id"), index=True)
    area_path: Mapped[AreaPath]
    kind: Mapped[str]
    household_id: Mapped[UUID | None] = mapped_column(ForeignKey("household.id"), index=True)
    holder: Mapped[str]
    handed_on: Mapped[date]
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    received_at: Mapped[datetime]
