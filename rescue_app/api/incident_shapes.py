"""JSON shapes of incidents and of the reports about them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self
from uuid import UUID

import orjson
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from shapely import MultiPolygon, to_geojson

from gis import geometry
from gis.errors import Rejected
from rescue_app.incidents.clock import COUNTS, TEXTS, ReportDraft, ReportKind
from rescue_app.incidents.models import Incident, IncidentStep, SituationReport
from rescue_app.incidents.rules import IncidentDraft, StepKind


class IncidentIn(BaseModel):
    """An incident as its reporter's device sends it: a place, an area as GeoJSON, or both."""

    id: UUID
    hazard_type: str
    title: str
    lon: float | None = Field(default=None, ge=-180, le=180)
    lat: float | None = Field(default=None, ge=-90, le=90)
    extent: dict[str, Any] | None = None
    grade: str | None = None
    source: str = "report"
    source_ref: UUID | None = None
    told_by: str = ""
    happened_at: AwareDatetime | None = None
    same_as: UUID | None = None
    is_drill: bool = False

    def draft(self) -> IncidentDraft:
        """Give it as the service takes it."""
        extent = self.drawn()
        if self.lon is not None and self.lat is not None:
            place = geometry.point(self.lon, self.lat)
        elif extent is not None:
            place = extent.representative_point()
        else:
            raise Rejected("Click the place on the map, or enter longitude and latitude.")
        plain = self.model_dump(exclude={"lon", "lat", "extent", "same_as"})
        return IncidentDraft(**plain, place=place, extent=extent)

    def drawn(self) -> MultiPolygon | None:
        """Read the drawn area."""
        return geometry.boundary(geometry.parse(self.extent)).shape if self.extent else None


class NoteIn(BaseModel):
    """Why."""

    note: str = ""


class MergeIn(NoteIn):
    """What an incident is the same as, and how one knows."""

    into: UUID


class IncidentOut(BaseModel):
    """An incident as it stands; `report_kind` is owed next, by `report_due_at`."""

    id: UUID
    hazard_type: str
    title: str
    lon: float
    lat: float
    extent: dict[str, Any] | None
    area_path: str
    grade: str | None
    source: str
    source_ref: UUID | None
    told_by: str
    happened_at: datetime
    opened_by_name: str
    opened_at: datetime
    closed_at: datetime | None
    merged_into_id: UUID | None
    split_from_id: UUID | None
    report_kind: ReportKind | None
    report_due_at: datetime | None
    is_drill: bool
    synthetic: bool
    alike: Sequence[UUID]

    @classmethod
    def of(cls, row: Incident, *, alike: Sequence[UUID] = ()) -> Self:
        """Read it off the row."""
        names = cls.model_fields.keys() - {"lon", "lat", "extent", "alike"}
        facts = {name: getattr(row, name) for name in names}
        extent = orjson.loads(to_geojson(row.extent)) if row.extent is not None else None
        return cls(**facts, lon=row.place.x, lat=row.place.y, extent=extent, alike=alike)


class StepOut(BaseModel):
    """One line of an incident's log."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: StepKind
    at: datetime
    by_name: str
    note: str
    other_id: UUID | None
    facts: dict[str, Any]

    @classmethod
    def of(cls, row: IncidentStep) -> Self:
        """Read it off the row."""
        return cls.model_validate(row)


class ReportIn(BaseModel):
    """A report; a number that is left out is not known yet. `final` closes the row of reports."""

    id: UUID
    final: bool = False
    grade: str | None = None
    source: str = ""
    place: str
    nature: str
    extent: str = ""
    deaths: int | None = None
    missing: int | None = None
    injured: int | None = None
    trapped: int | None = None
    moved: int | None = None
    homes: int | None = None
    loss_10k_yuan: int | None = None
    trend: str = ""
    leaders: str = ""
    measures: str = ""
    requests: str = ""

    def draft(self) -> ReportDraft:
        """Give it as the service takes it."""
        return ReportDraft(
            self.id,
            is_final=self.final,
            grade=self.grade,
            texts={name: getattr(self, name) for name in TEXTS},
            counts={name: getattr(self, name) for name in COUNTS},
        )


class ReportOut(BaseModel):
    """A report as it was sent."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    incident_id: UUID
    number: int
    kind: ReportKind
    due_at: datetime | None
    sent_at: datetime
    late: bool
    by_name: str
    by_phone: str
    happened_at: datetime
    grade: str | None
    source: str
    place: str
    nature: str
    extent: str
    deaths: int | None
    missing: int | None
    injured: int | None
    trapped: int | None
    moved: int | None
    homes: int | None
    loss_10k_yuan: int | None
    trend: str
    leaders: str
    measures: str
    requests: str

    @classmethod
    def of(cls, row: SituationReport) -> Self:
        """Read it off the row."""
        return cls.model_validate(row)
