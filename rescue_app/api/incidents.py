"""Incidents over HTTP: open, close, join and take apart, split off, and report up."""

from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter, Request

from rescue_app.api.incident_shapes import (
    IncidentIn,
    IncidentOut,
    MergeIn,
    NoteIn,
    ReportIn,
    ReportOut,
    StepOut,
)
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.incidents import joining, reporting, repository, service
from rescue_app.incidents.rules import Likeness

router = APIRouter(prefix="/api/v1/incidents", tags=["incidents"])


@router.post("", status_code=201)
def open_incident(request: Request, db: Db, actor: Who, now: Now, body: IncidentIn) -> IncidentOut:
    """Open an incident; the same id, or the same finding, report or alert, is the same incident.

    `alike` names open ones that it is perhaps the same as: join them, or send `same_as`. What a
    sensor or an alert tells of something that is alike joins it by itself.
    """
    told, draft = request.app.state.settings, body.draft()
    limits = Likeness(told.incident_alike_m, timedelta(hours=told.incident_alike_hours))
    near = joining.alike(db, draft, now=now, limits=limits)
    made = joining.enter(db, draft=draft, by=actor, now=now, limits=limits, same_as=body.same_as)
    return IncidentOut.of(made, alike=[one for one in near if one != made.id])


@router.get("")
def latest_incidents(db: Db, _: Who, *, open_only: bool = True) -> list[IncidentOut]:
    """Give the newest incidents of the area; what was joined stands with the one it joined."""
    return [IncidentOut.of(row) for row in repository.latest(db, open_only=open_only)]


@router.get("/{incident_id}")
def read_incident(db: Db, _: Who, incident_id: UUID) -> IncidentOut:
    """Give one incident."""
    return IncidentOut.of(service.visible(db, incident_id))


@router.get("/{incident_id}/steps")
def read_steps(db: Db, _: Who, incident_id: UUID) -> list[StepOut]:
    """Give what happened to an incident, newest first."""
    incident = service.visible(db, incident_id)
    return [StepOut.of(row) for row in repository.steps(db, [incident.id])]


@router.post("/{incident_id}/close")
def close_incident(
    db: Db, actor: Who, now: Now, incident_id: UUID, body: NoteIn | None = None
) -> IncidentOut:
    """Close an incident; closing it twice changes nothing."""
    note = body.note if body else ""
    row = service.close(db, incident_id=incident_id, by=actor, now=now, note=note)
    return IncidentOut.of(row)


@router.post("/{incident_id}/reopen")
def reopen_incident(
    db: Db, actor: Who, now: Now, incident_id: UUID, body: NoteIn | None = None
) -> IncidentOut:
    """Let a closed incident go on."""
    note = body.note if body else ""
    row = service.reopen(db, incident_id=incident_id, by=actor, now=now, note=note)
    return IncidentOut.of(row)


@router.post("/{incident_id}/merge")
def merge(db: Db, actor: Who, now: Now, incident_id: UUID, body: MergeIn) -> IncidentOut:
    """Join an incident with the one that it is the same as; give that one."""
    into = joining.merge(
        db, incident_id=incident_id, into_id=body.into, by=actor, now=now, note=body.note
    )
    return IncidentOut.of(into)


@router.post("/{incident_id}/part")
def part(
    db: Db, actor: Who, now: Now, incident_id: UUID, body: NoteIn | None = None
) -> IncidentOut:
    """Take a joined incident out again."""
    note = body.note if body else ""
    row = joining.part(db, incident_id=incident_id, by=actor, now=now, note=note)
    return IncidentOut.of(row)


@router.post("/{incident_id}/split", status_code=201)
def split(db: Db, actor: Who, now: Now, incident_id: UUID, body: IncidentIn) -> IncidentOut:
    """Make an incident of its own out of a part of one."""
    made = joining.split(db, from_id=incident_id, draft=body.draft(), by=actor, now=now)
    return IncidentOut.of(made)


@router.get("/{incident_id}/reports")
def read_reports(db: Db, _: Who, incident_id: UUID) -> list[ReportOut]:
    """Give the reports about an incident, newest first."""
    incident = service.visible(db, incident_id)
    return [ReportOut.of(row) for row in repository.reports(db, [incident.id])]


@router.post("/{incident_id}/reports", status_code=201)
def send_report(db: Db, actor: Who, now: Now, incident_id: UUID, body: ReportIn) -> ReportOut:
    """Send a report up; whether it is the first or a follow-up follows from those before it."""
    row = reporting.send(db, incident_id=incident_id, draft=body.draft(), by=actor, now=now)
    return ReportOut.of(row)
