"""SQL of sketches. Row-level security gives them to those who see the incident, and no one else."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.store.base import among
from rescue_app.dispatch.models import Assignment, Order
from rescue_app.sketches.models import SketchLine


def add_once(session: Session, row: dict[str, Any]) -> bool:
    """Add a line unless its id is there already; tell whether it was new."""
    query = insert(SketchLine).values(row).on_conflict_do_nothing()
    return session.scalar(query.returning(SketchLine.id)) is not None


def line(session: Session, line_id: UUID) -> SketchLine | None:
    """Find a line of a sketch that the asker can see."""
    return session.get(SketchLine, line_id)


def log(session: Session, incident_ids: Sequence[UUID], *, until: datetime) -> Sequence[SketchLine]:
    """Give all that had been drawn and taken away by then, the oldest first."""
    query = (
        select(SketchLine)
        .where(among(SketchLine.incident_id, incident_ids), SketchLine.received_at <= until)
        .order_by(SketchLine.received_at, SketchLine.id)
    )
    return session.scalars(query).all()


def areas_at_work(session: Session, incident_id: UUID) -> set[str]:
    """Give the areas of all who have an order of this incident."""
    query = (
        select(Assignment.area_path)
        .join(Order, Order.id == Assignment.order_id)
        .where(Order.incident_id == incident_id)
        .distinct()
    )
    return set(session.scalars(query))
