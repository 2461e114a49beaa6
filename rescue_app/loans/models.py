"""The table of loans: who asked whom for a crew, what was said, and how it ended."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import AreaPath, Record


class CrewLoan(Record):
    """A crew asked of another district; `area_path` is the borrower's.

    Title and marks are the incident's as it was then: the lender may not see the incident itself.
    What was asked never changes; from `state` on it is what became of it.
    """

    __tablename__ = "crew_loan"
    __table_args__ = (
        Index("uq_crew_loan_lent", "crew_id", unique=True, postgresql_where=text("state = 'lent'")),
        Index(
            "ix_crew_loan_until",
            "until",
            postgresql_where=text("state IN ('asked', 'lent')"),
        ),
    )

    area_path: Mapped[AreaPath]
    lender_path: Mapped[AreaPath]
    borrower_name: Mapped[str]
    borrower_name_en: Mapped[str]
    lender_name: Mapped[str]
    lender_name_en: Mapped[str]
    words: Mapped[str]
    ability: Mapped[str | None]
    until: Mapped[datetime]
    incident_id: Mapped[UUID | None] = mapped_column(ForeignKey("incident.id"))
    incident_title: Mapped[str] = mapped_column(server_default="")
    is_drill: Mapped[bool] = mapped_column(default=False)
    synthetic: Mapped[bool] = mapped_column(default=False)
    asked_by: Mapped[UUID]
    asker_name: Mapped[str]
    asker_phone: Mapped[str]
    asked_at: Mapped[datetime]
    state: Mapped[str]
    crew_id: Mapped[UUID | None] = mapped_column(ForeignKey("crew.id"))
    crew_name: Mapped[str] = mapped_column(server_default="")
    crew_name_en: Mapped[str] = mapped_column(server_default="")
    answered_at: Mapped[datetime | None]
    answer_name: Mapped[str] = mapped_column(server_default="")
    answer_phone: Mapped[str] = mapped_column(server_default="")
    answer_why: Mapped[str] = mapped_column(server_default="")
    ended_at: Mapped[datetime | None]
    ended_how: Mapped[str | None]
    ended_name: Mapped[str] = mapped_column(server_default="")
    ended_why: Mapped[str] = mapped_column(server_default="")
