"""SQL for the photos of visits."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hazards.conflicts import repository as conflicts
from hazards.photos.models import VisitPhoto


def keep(session: Session, row: dict[str, Any]) -> bool:
    """Insert a promise unless its id is taken (even by a row the asker cannot see)."""
    made = insert(VisitPhoto).values(row).on_conflict_do_nothing()
    return session.scalar(made.returning(VisitPhoto.id)) is not None


def held(session: Session, photo_id: UUID) -> VisitPhoto | None:
    """Give a promise and hold it."""
    query = select(VisitPhoto).where(VisitPhoto.id == photo_id)
    return session.scalar(query.with_for_update())


def shared(session: Session, photo_id: UUID, *, with_: UUID) -> bool:
    """Tell whether a photo belongs to a visit or to another version of it."""
    owner = session.scalar(select(VisitPhoto.visit_id).where(VisitPhoto.id == photo_id))
    return owner in {with_, *conflicts.seconds(session, with_)}


def of(session: Session, visit_id: UUID) -> Sequence[VisitPhoto]:
    """Give the photos of a visit in the order they were taken, come or not."""
    return of_visits(session, [visit_id])


def of_visits(session: Session, visit_ids: Collection[UUID]) -> Sequence[VisitPhoto]:
    """Give the photos of some visits in the order they were taken, come or not."""
    query = select(VisitPhoto).where(VisitPhoto.visit_id.in_(visit_ids))
    return session.scalars(query.order_by(VisitPhoto.taken_at, VisitPhoto.id)).all()


def come(session: Session, visit_ids: Collection[UUID]) -> list[VisitPhoto]:
    """Give the photos and voice notes of some visits that are here."""
    return [one for one in of_visits(session, visit_ids) if one.received_at is not None]


def by_ids(session: Session, ids: Collection[UUID]) -> Sequence[VisitPhoto]:
    """Give photos by their ids in the order they were taken."""
    query = select(VisitPhoto).where(VisitPhoto.id.in_(ids))
    return session.scalars(query.order_by(VisitPhoto.taken_at, VisitPhoto.id)).all()
