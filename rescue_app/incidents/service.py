"""Verbs of incidents: open one, close one, open it again. Joining is in `joining`."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from shapely import MultiPolygon, Point
from sqlalchemy.orm import Session

from gis.areas.placing import day_of, path_at
from gis.authority import Act, Actor, city_of, may, require
from gis.errors import Conflict, Missing, Rejected
from gis.store import audit
from gis.store.base import new_id
from gis.store.notify import announce
from hazards.points import types
from rescue_app.incidents import limits, raising, repository
from rescue_app.incidents.models import Incident
from rescue_app.incidents.rules import IncidentDraft, StepKind, begun_at, checked, noted

TOPIC = "incident"
CLOSED = "事件已办结 · the incident is closed"
REOPENED = "事件重新打开 · the incident is open again"


def open_incident(
    session: Session, *, draft: IncidentDraft, by: Actor, now: datetime, synthetic: bool = False
) -> Incident:
    """Open an incident in the smallest area that holds it.

    The same id again is the same one, and so is the same finding, report or alert.
    """
    checked(draft)
    area_path = placed(session, draft.place, draft.extent, now=now)
    _require_his(by, area_path, drawn=draft.extent is not None)
    types.require_active(session, draft.hazard_type)
    row = _row(draft, by, now) | {"area_path": area_path, "synthetic": synthetic}
    if draft.extent is not None:
        row["reached_paths"] = repository.reached(
            session, draft.extent, within=area_path, day=day_of(now)
        )
    if repository.add_once(session, row):
        incident = _mine(session, draft)
        limits.wind(session, incident)
        keep(session, incident, StepKind.OPENED, by=by, now=now, note=draft.told_by,
             facts={"source": draft.source})  # fmt: skip
        return incident
    return _mine(session, draft)


def placed(session: Session, place: Point, extent: MultiPolygon | None, *, now: datetime) -> str:
    """Give the area of a place, or the smallest that holds a whole drawn area."""
    path = path_at(session, place, day=day_of(now))
    if path is None:
        raise Rejected("This place lies in no area of the city. Check longitude and latitude.")
    if extent is None:
        return path
    return repository.area_of(session, extent, day=day_of(now)) or city_of(path)


def close(
    session: Session, *, incident_id: UUID, by: Actor, now: datetime, note: str = ""
) -> Incident:
    """Close an incident; closing it twice changes nothing. The final report is owed from now."""
    incident = changeable(session, incident_id, by)
    if incident.closed_at is None:
        incident.closed_at, incident.closed_by = now, by.id
        ended(session, incident, by=by, now=now, why=CLOSED)
        keep(session, incident, StepKind.CLOSED, by=by, now=now, note=note)
    return incident


def reopen(
    session: Session, *, incident_id: UUID, by: Actor, now: datetime, note: str = ""
) -> Incident:
    """Let a closed incident go on; what is open already stays so."""
    incident = changeable(session, incident_id, by)
    if incident.closed_at is not None:
        incident.closed_at = incident.closed_by = None
        ended(session, incident, by=by, now=now, why=REOPENED)
        keep(session, incident, StepKind.REOPENED, by=by, now=now, note=note)
    return incident


def visible(session: Session, incident_id: UUID) -> Incident:
    """Give an incident, or say that there is none."""
    incident = repository.visible(session, incident_id)
    if incident is None:
        raise Missing("There is no such incident in your area.")
    return incident


def place_words(session: Session, incident: Incident, *, day: date) -> tuple[str, str]:
    """Say where an incident is, as forms propose it: its area and its title, zh and en."""
    area = repository.areas(session, [incident.area_path], day=day).get(incident.area_path)
    names = (area.name, area.name_en or area.name) if area else ("", "")
    return f"{names[0]} {incident.title}".strip(), f"{names[1]} {incident.title}".strip()


def changeable(session: Session, incident_id: UUID, by: Actor) -> Incident:
    """Give an incident to one who may change it, and let nobody else until the commit."""
    visible(session, incident_id)
    incident = repository.held(session, [incident_id]).get(incident_id)
    if incident is None:  # seen through an order, in a neighbour's area
        raise Missing("There is no such incident in your area.")
    require(by, Act.OPEN_INCIDENT, incident.area_path)
    return incident


def ended(session: Session, incident: Incident, *, by: Actor, now: datetime, why: str) -> None:
    """Set the clock anew and stop ringing about a report that is not waited for any more."""
    session.flush()  # the clock reads the rows
    raising.settle(session, incident, by=by, now=now, why=why)
    limits.wind(session, incident)


def keep(
    session: Session,
    incident: Incident,
    kind: StepKind,
    *,
    by: Actor,
    now: datetime,
    note: str = "",
    other: UUID | None = None,
    facts: dict[str, Any] | None = None,
    step_id: UUID | None = None,
    area_path: str | None = None,
) -> bool:
    """Add a line to the log (a reader's: in his area), tell the pages; again is no second one."""
    own_path = area_path or incident.area_path
    row = {
        "id": step_id or new_id(),
        "incident_id": incident.id,
        "area_path": own_path,
        "kind": kind,
        "at": now,
        "by_id": by.id,
        "by_name": by.name,
        "note": noted(note),
        "other_id": other,
        "facts": facts or {},
    }
    session.flush()  # the line points at the incident's row
    if not repository.add_step(session, row):
        return False
    audit.record(
        session, act=f"incident.{kind}", subject=incident.id, area_path=own_path,
        other=other, **(facts or {}),
    )  # fmt: skip
    announce(
        session, topic=TOPIC, kind=kind, ref=incident.id, area_path=incident.area_path,
        also=tuple(incident.reached_paths),
    )  # fmt: skip
    return True


def _require_his(by: Actor, area_path: str, *, drawn: bool) -> None:
    """Tell who opens incidents at home why not this one, so that his form stays."""
    if may(by, Act.OPEN_INCIDENT, area_path) or not may(by, Act.OPEN_INCIDENT, by.area_path):
        require(by, Act.OPEN_INCIDENT, area_path)
    elif drawn:
        raise Rejected(
            "The drawn area reaches beyond yours. Draw only your part of it, or ask the centre"
            " above you to open it: whoever it reaches sees it then."
        )
    else:
        raise Rejected("This place is not in your area. Check it, or call the centre there.")


def _row(draft: IncidentDraft, by: Actor, now: datetime) -> dict[str, Any]:
    return {
        "id": draft.id,
        "hazard_type": draft.hazard_type,
        "title": draft.title.strip(),
        "place": draft.place,
        "extent": draft.extent,
        "grade": draft.grade,
        "source": draft.source,
        "source_ref": draft.source_ref,
        "told_by": draft.told_by.strip(),
        "happened_at": begun_at(draft.happened_at, now=now),
        "opened_by": by.id,
        "opened_by_name": by.name,
        "opened_at": now,
        "split_from_id": draft.split_from,
        "is_drill": draft.is_drill,
        "reports": 0,
    }


def _mine(session: Session, draft: IncidentDraft) -> Incident:
    incident = repository.visible(session, draft.id)
    if incident is None and draft.source_ref is not None:
        incident = repository.by_source(session, draft.source, draft.source_ref)
    if incident is None:
        raise Conflict("This incident's number is taken. Reload the page and enter it again.")
    return incident
