"""SQL for incidents."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.areas.models import Area
from rescue_app.incidents.models import Incident

LIST_LIMIT = 200


def visible(session: Session, incident_id: UUID) -> Incident | None:
    """Find an incident that the asker can see."""
    return session.get(Incident, incident_id)


def latest(session: Session, *, open_only: bool, limit: int = LIST_LIMIT) -> list[Incident]:
    """Incidents that the asker can see, open ones first, the newest first."""
    query = select(Incident).order_by(Incident.closed_at.is_not(None), Incident.opened_at.desc())
    if open_only:
        query = query.where(Incident.closed_at.is_(None))
    return list(session.scalars(query.limit(limit)))


def add_once(session: Session, row: dict[str, Any]) -> bool:
    """Insert an incident unless its id is there already; tell whether it was new."""
    query = insert(Incident).values(row).on_conflict_do_nothing().returning(Incident.id)
    return session.scalar(query) is not None


def areas(session: Session, paths: Collection[str], *, day: date) -> dict[str, Area]:
    """Areas by their paths, as they are on a day."""
    query = select(Area).where(Area.path.in_(paths), Area.validity.contains(day))
    return {area.path: area for area in session.scalars(query)}
