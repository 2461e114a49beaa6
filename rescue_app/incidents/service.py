"""Verbs of incidents: open one, close one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.areas.placing import day_of, path_at
from gis.authority import Act, Actor, require
from gis.errors import Conflict, Missing, Rejected
from gis.store import audit
from gis.store.notify import announce
from hazards.points import types
from rescue_app.incidents import repository
from rescue_app.incidents.models import Incident
from rescue_app.incidents.rules import IncidentDraft, checked

TOPIC = "incident"


def open_incident(
    session: Session, *, draft: IncidentDraft, by: Actor, now: datetime, synthetic: bool = False
) -> Incident:
    """Open an incident in the smallest area at its place; the same id again is the same one."""
    checked(draft)
    area_path = path_at(session, draft.place, day=day_of(now))
    if area_path is None:
        raise Rejected("This place lies in no area of the city. Check longitude and latitude.")
    require(by, Act.OPEN_INCIDENT, area_path)
    types.require_active(session, draft.hazard_type)
    row = {
        "id": draft.id,
        "hazard_type": draft.hazard_type,
        "title": draft.title.strip(),
        "place": draft.place,
        "area_path": area_path,
        "grade": draft.grade,
        "source": draft.source,
        "opened_by": by.id,
        "opened_by_name": by.name,
        "opened_at": now,
        "is_drill": draft.is_drill,
        "synthetic": synthetic,
    }
    if repository.add_once(session, row):
        _tell(session, "opened", draft.id, area_path)
    return _mine(session, draft.id)


def close(session: Session, *, incident_id: UUID, by: Actor, now: datetime) -> Incident:
    """Close an incident; closing it twice changes nothing."""
    incident = visible(session, incident_id)
    require(by, Act.OPEN_INCIDENT, incident.area_path)
    if incident.closed_at is None:
        incident.closed_at, incident.closed_by = now, by.id
        _tell(session, "closed", incident.id, incident.area_path)
    return incident


def visible(session: Session, incident_id: UUID) -> Incident:
    """Give an incident, or say that there is none."""
    incident = repository.visible(session, incident_id)
    if incident is None:
        raise Missing("There is no such incident in your area.")
    return incident


def _mine(session: Session, incident_id: UUID) -> Incident:
    incident = repository.visible(session, incident_id)
    if incident is None:
        raise Conflict("This incident's number is taken. Reload the page and enter it again.")
    return incident


def _tell(session: Session, kind: str, incident_id: UUID, area_path: str) -> None:
    audit.record(session, act=f"incident.{kind}", subject=incident_id, area_path=area_path)
    announce(session, topic=TOPIC, kind=kind, ref=incident_id, area_path=area_path)
