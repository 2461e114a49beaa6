"""SQL for loans of crews."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.store.base import among
from hazards.duty.models import Crew
from rescue_app.loans.models import CrewLoan
from rescue_app.loans.rules import LoanState

LIST_LIMIT = 200
OPEN = (LoanState.ASKED, LoanState.LENT)


def add_once(session: Session, row: dict[str, Any]) -> bool:
    """Insert a request unless its id is there already; tell whether it was new."""
    query = insert(CrewLoan).values(row).on_conflict_do_nothing().returning(CrewLoan.id)
    return session.scalar(query) is not None


def loan(session: Session, loan_id: UUID) -> CrewLoan | None:
    """Find a loan that the asker can see."""
    return session.get(CrewLoan, loan_id)


def locked(session: Session, loan_id: UUID) -> CrewLoan | None:
    """Find a loan and hold it: two commanders decide one after the other."""
    query = select(CrewLoan).where(CrewLoan.id == loan_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def held_crew(session: Session, crew_id: UUID) -> Crew | None:
    """Find a crew and hold it until the transaction ends."""
    query = select(Crew).where(Crew.id == crew_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def listed(session: Session) -> list[CrewLoan]:
    """Give the loans that the asker may see: what waits first, then what is lent, then the past."""
    waiting = case((CrewLoan.state == LoanState.ASKED, 0), (CrewLoan.state == LoanState.LENT, 1),
                   else_=2)  # fmt: skip
    query = select(CrewLoan).order_by(waiting, CrewLoan.asked_at.desc()).limit(LIST_LIMIT)
    return list(session.scalars(query))


def lent(session: Session, crew_ids: Collection[UUID]) -> dict[UUID, CrewLoan]:
    """Give for whom these crews work now, where they are lent."""
    query = select(CrewLoan).where(
        CrewLoan.state == LoanState.LENT, among(CrewLoan.crew_id, crew_ids)
    )
    return {one.crew_id: one for one in session.scalars(query) if one.crew_id} if crew_ids else {}


def claim_over(session: Session, *, now: datetime, limit: int) -> list[CrewLoan]:
    """Hold loans whose time is over; a second worker takes others."""
    query = (
        select(CrewLoan)
        .where(CrewLoan.state.in_(OPEN), CrewLoan.until <= now)
        .order_by(CrewLoan.until)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(session.scalars(query))


def lendable(session: Session, area_path: str) -> list[Crew]:
    """Crews of an area that are at home, those on duty first."""
    query = (
        select(Crew)
        .where(
            Crew.area_path.startswith(area_path, autoescape=True),
            Crew.lent_path.is_(None),
        )
        .order_by(Crew.on_duty_since.is_(None), Crew.area_path, Crew.name)
        .limit(LIST_LIMIT)
    )
    return list(session.scalars(query))
