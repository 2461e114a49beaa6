"""SQL for incidents."""

from datetime import date
from typing import Any
from uuid import UUID

from geoalchemy2.shape import from_shape
from shapely import Point
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.areas.models import Area
from gis.store.base import WGS84
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


def area_path_at(session: Session, place: Point, *, on: date) -> str | None:
    """Path of the smallest area that covers a place on a day."""
    query = (
        select(Area.path)
        .where(
            func.ST_Covers(Area.boundary, from_shape(place, srid=WGS84)), Area.validity.contains(on)
        )
        .order_by(func.length(Area.path).desc())
        .limit(1)
    )
    return session.scalar(query)
