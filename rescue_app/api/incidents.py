"""Incidents over HTTP."""

from datetime import datetime
from typing import Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field
from shapely import Point

from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.incidents import repository, service
from rescue_app.incidents.models import Incident
from rescue_app.incidents.rules import IncidentDraft

router = APIRouter(prefix="/api/v1/incidents", tags=["incidents"])


class IncidentIn(BaseModel):
    """An incident as its reporter's device sends it."""

    id: UUID
    hazard_type: str
    title: str
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)
    grade: str | None = None
    source: str = "report"
    is_drill: bool = False

    def draft(self) -> IncidentDraft:
        """Give it as the service takes it."""
        return IncidentDraft(
            id=self.id,
            hazard_type=self.hazard_type,
            title=self.title,
            place=Point(self.lon, self.lat),
            grade=self.grade,
            source=self.source,
            is_drill=self.is_drill,
        )


class IncidentOut(BaseModel):
    """An incident as it stands."""

    id: UUID
    hazard_type: str
    title: str
    lon: float
    lat: float
    area_path: str
    grade: str | None
    source: str
    opened_by_name: str
    opened_at: datetime
    closed_at: datetime | None
    is_drill: bool
    synthetic: bool

    @classmethod
    def of(cls, row: Incident) -> Self:
        """Read it off the row."""
        names = cls.model_fields.keys() - {"lon", "lat"}
        facts = {name: getattr(row, name) for name in names}
        return cls(**facts, lon=row.place.x, lat=row.place.y)


@router.post("", status_code=201)
def open_incident(db: Db, actor: Who, now: Now, body: IncidentIn) -> IncidentOut:
    """Open an incident; the same id again gives the same incident."""
    return IncidentOut.of(service.open_incident(db, draft=body.draft(), by=actor, now=now))


@router.get("")
def latest_incidents(db: Db, _: Who, *, open_only: bool = True) -> list[IncidentOut]:
    """Give the newest incidents of the reader's area."""
    return [IncidentOut.of(row) for row in repository.latest(db, open_only=open_only)]


@router.get("/{incident_id}")
def read_incident(db: Db, _: Who, incident_id: UUID) -> IncidentOut:
    """Give one incident."""
    return IncidentOut.of(service.visible(db, incident_id))


@router.post("/{incident_id}/close")
def close_incident(db: Db, actor: Who, now: Now, incident_id: UUID) -> IncidentOut:
    """Close an incident; closing it twice changes nothing."""
    return IncidentOut.of(service.close(db, incident_id=incident_id, by=actor, now=now))
