"""Reading disaster records."""

from uuid import UUID

from sqlalchemy.orm import Session

from gis.errors import Missing
from hazards.events.models import DisasterEvent


def visible(session: Session, event_id: UUID) -> DisasterEvent:
    """Give a record, or raise Missing: outside the reader's area there is none."""
    event = session.get(DisasterEvent, event_id)
    if event is None:
        raise Missing("There is no such disaster record, or it lies outside your area.")
    return event
