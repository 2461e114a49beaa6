"""One tap on what cameras saw: make an incident of it, join it to a known one, or send nobody."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, may, require
from gis.store import files
from hazards.alerts import service as alerts
from hazards.alerts.rules import State
from qr_codes.sightings import repository, rules, service
from qr_codes.sightings.models import Sighting
from qr_codes.sightings.rules import Decision
from rescue_app.incidents import joining
from rescue_app.incidents import service as incidents
from rescue_app.incidents.models import Incident
from rescue_app.incidents.rules import TITLE_LENGTH, IncidentDraft

TOLD_BY = "视频识别 · video"


def accept(session: Session, *, sighting_id: UUID, by: Actor, now: datetime) -> Incident:
    """Open an incident where it was seen; its picture stands on the incident's page."""
    sighting = service.visible(session, sighting_id)
    draft = drafted(session, sighting)
    incident = incidents.open_incident(session, draft=draft, by=by, now=now)
    service.decide(session, sighting, Decision.INCIDENT, incident_id=incident.id, by=by, now=now)
    return incident


def join(
    session: Session, *, sighting_id: UUID, into_id: UUID, by: Actor, now: datetime
) -> Incident:
    """Add it to an incident that is known; it stands in that one's log."""
    sighting = service.visible(session, sighting_id)
    draft = drafted(session, sighting)
    incident = joining.tell_again(session, draft=draft, same_as=into_id, by=by, now=now)
    service.decide(session, sighting, Decision.JOINED, incident_id=incident.id, by=by, now=now)
    return incident


def dismiss(session: Session, *, sighting_id: UUID, why: str, by: Actor, now: datetime) -> Sighting:
    """Say that nobody has to go; a warning that was proposed for it goes too, by who may issue."""
    sighting = service.visible(session, sighting_id)
    require(by, Act.OPEN_INCIDENT, sighting.area_path)
    said = rules.checked_reason(why)
    fresh = service.decide(session, sighting, Decision.DISMISSED, why=said, by=by, now=now)
    if fresh and sighting.alert_id is not None:
        alert = alerts.visible(session, sighting.alert_id)
        if alert.state == State.DRAFT and may(by, Act.ISSUE_ALERT, alert.area_path):
            alerts.drop(session, alert_id=alert.id, by=by, now=now, why=said)
    return sighting


def drafted(session: Session, sighting: Sighting) -> IncidentDraft:
    """Write an incident of what was seen: the same thing seen is the same draft."""
    kind = repository.kinds(session)[sighting.kind]
    where = f"（{sighting.camera}）" if sighting.camera else ""
    return IncidentDraft(
        id=uuid5(sighting.id, "incident"),
        hazard_type=kind.hazard,
        title=f"{kind.name_zh}{where}"[:TITLE_LENGTH],
        place=sighting.place,
        source="sensor",
        source_ref=sighting.id,
        told_by=TOLD_BY,
        happened_at=sighting.first_at,
    )


def pictures(session: Session, incident_ids: Collection[UUID]) -> dict[str, Any]:
    """Give what cameras saw of incidents, with the last picture of each."""
    found = repository.of_incidents(session, incident_ids)
    kept = files.attached(session, service.FILES, [one.id for one in found])
    return {"seen": found, "seen_kinds": repository.kinds(session), "snapshots": kept}


def waiting(session: Session) -> int:
    """Count what cameras saw and nobody has judged yet."""
    return repository.waiting(session)
