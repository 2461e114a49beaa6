"""Tables of incidents, of what was said and done about each, and of the reports sent up."""

from datetime import datetime
from typing import Any
from uuid import UUID

from shapely import MultiPolygon, Point
from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import AreaPath, Base, Record, Shape

DISTRICT_SLASHES = 3


class Incident(Record):
    """What happened (or is about to): a point, and where it was drawn the area it reaches.

    `merged_into_id` says that it is the same as another; its own words, orders and reports stay.
    `reached_paths` are the districts and streets that a drawn area reaches below its own area:
    their centres see it too.
    The report that is owed next and its time are kept here, so that a worker finds the late ones.
    """

    __tablename__ = "incident"
    __table_args__ = (
        Index(
            "uq_incident_source_ref",
            "source",
            "source_ref",
            unique=True,
            postgresql_where=text("source_ref IS NOT NULL"),
        ),
        Index("ix_incident_report_call_at", "report_call_at"),
        CheckConstraint("merged_into_id <> id AND split_from_id <> id", name="another"),
    )

    hazard_type: Mapped[str]
    title: Mapped[str]
    place: Mapped[Point] = mapped_column(Shape("POINT"))
    extent: Mapped[MultiPolygon | None] = mapped_column(Shape("MULTIPOLYGON", index=False))
    area_path: Mapped[AreaPath]
    reached_paths: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    grade: Mapped[str | None]
    source: Mapped[str]
    source_ref: Mapped[UUID | None]
    told_by: Mapped[str]
    happened_at: Mapped[datetime]
    opened_by: Mapped[UUID]
    opened_by_name: Mapped[str]
    opened_at: Mapped[datetime]
    closed_by: Mapped[UUID | None]
    closed_at: Mapped[datetime | None]
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("incident.id"), index=True)
    split_from_id: Mapped[UUID | None] = mapped_column(ForeignKey("incident.id"))
    reports: Mapped[int] = mapped_column(default=0)
    report_kind: Mapped[str | None]
    report_due_at: Mapped[datetime | None]
    report_call_at: Mapped[datetime | None]
    report_call_ref: Mapped[UUID | None]
    is_drill: Mapped[bool] = mapped_column(default=False)
    synthetic: Mapped[bool] = mapped_column(default=False)

    @property
    def is_open(self) -> bool:
        """Tell whether it goes on, under its own name."""
        return self.closed_at is None and self.merged_into_id is None

    @property
    def district_paths(self) -> list[str]:
        """Give the districts that it lies in or reaches."""
        codes = self.area_path.strip("/").split("/")
        if len(codes) > 1:
            return [f"/{codes[0]}/{codes[1]}/"]
        return [path for path in self.reached_paths if path.count("/") == DISTRICT_SLASHES]


class IncidentStep(Base):
    """One line of an incident's log: opened, told again, merged, split, closed. Only added."""

    __tablename__ = "incident_step"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incident.id"), index=True)
    area_path: Mapped[AreaPath]
    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    kind: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    note: Mapped[str]
    other_id: Mapped[UUID | None]
    facts: Mapped[dict[str, Any]]


class SituationReport(Base):
    """One report up: first, follow-up or final. Numbers left empty are not known yet."""

    __tablename__ = "situation_report"
    __table_args__ = (UniqueConstraint("incident_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incident.id"), index=True)
    area_path: Mapped[AreaPath]
    number: Mapped[int]
    kind: Mapped[str]
    due_at: Mapped[datetime | None]
    sent_at: Mapped[datetime]
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    by_phone: Mapped[str]
    from_path: Mapped[str]
    happened_at: Mapped[datetime]
    grade: Mapped[str | None]
    source: Mapped[str]
    place: Mapped[str]
    nature: Mapped[str]
    extent: Mapped[str]
    deaths: Mapped[int | None]
    missing: Mapped[int | None]
    injured: Mapped[int | None]
    trapped: Mapped[int | None]
    moved: Mapped[int | None]
    homes: Mapped[int | None]
    loss_10k_yuan: Mapped[int | None]
    trend: Mapped[str]
    leaders: Mapped[str]
    measures: Mapped[str]
    requests: Mapped[str]

    @property
    def late(self) -> bool:
        """Tell whether it came after its time."""
        return self.due_at is not None and self.sent_at > self.due_at


class ReportLimit(Base):
    """Minutes that each report of a grade may take, and up to whom it goes; the city's to set."""

    __tablename__ = "report_limit"

    grade: Mapped[str] = mapped_column(primary_key=True)
    first_min: Mapped[int]
    follow_up_min: Mapped[int]
    final_min: Mapped[int]
    up_to: Mapped[str]
    changed_by_name: Mapped[str]
