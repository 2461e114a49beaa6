"""Tables of what cameras see: kinds as data, what was seen, each event, what people decided."""

from datetime import datetime
from uuid import UUID

from shapely import Point
from sqlalchemy import ForeignKey, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import AreaPath, Base, Record, Shape


class SightingKind(Base):
    """What analytics can tell of: from which confidence on, and what becomes of it."""

    __tablename__ = "sighting_kind"

    code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    grade: Mapped[int] = mapped_column(SmallInteger)
    confidence: Mapped[float]
    near_m: Mapped[float]
    apart_m: Mapped[float]
    apart_min: Mapped[float]
    hazard: Mapped[str]
    colour: Mapped[str]


class Sighting(Record):
    """One thing that was seen: all events of its kind near it in place and time are of it.

    `confidence` is the highest of them, `place` that of the first.
    """

    __tablename__ = "sighting"
    __table_args__ = (Index("ix_sighting_kind", "kind", "last_at"),)

    kind: Mapped[str] = mapped_column(ForeignKey("sighting_kind.code"))
    area_path: Mapped[AreaPath]
    place: Mapped[Point] = mapped_column(Shape("POINT"))
    camera: Mapped[str]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    confidence: Mapped[float]
    times: Mapped[int]
    outcome: Mapped[str]
    finding_id: Mapped[UUID | None]
    alert_id: Mapped[UUID | None]


class SightingEvent(Record):
    """One event as its source told of it; its source's own number tells it apart."""

    __tablename__ = "sighting_event"
    __table_args__ = (Index("uq_sighting_event_source_ref", "source", "ref", unique=True),)

    sighting_id: Mapped[UUID] = mapped_column(
        ForeignKey("sighting.id", ondelete="CASCADE"), index=True
    )
    area_path: Mapped[AreaPath]
    source: Mapped[str]
    ref: Mapped[str]
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    place: Mapped[Point] = mapped_column(Shape("POINT", index=False))
    confidence: Mapped[float]
    words: Mapped[str]


class SightingDecision(Record):
    """What a person decided about what was seen; the last word counts, an incident is for good."""

    __tablename__ = "sighting_decision"
    __table_args__ = (
        Index(
            "uq_sighting_decision_incident",
            "sighting_id",
            unique=True,
            postgresql_where=text("incident_id IS NOT NULL"),
        ),
    )

    sighting_id: Mapped[UUID] = mapped_column(
        ForeignKey("sighting.id", ondelete="CASCADE"), index=True
    )
    area_path: Mapped[AreaPath]
    incident_id: Mapped[UUID | None] = mapped_column(index=True)
    decision: Mapped[str]
    why: Mapped[str]
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    at: Mapped[datetime]
