"""The table of disaster records, with the raw facts of their source beside ours."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from shapely import Point
from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, false, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import AreaPath, Base, Record, Shape
from hazards.events.rules import TimePrecision

EVERYWHERE = "/"
"""Area path of a record outside the areas we know: kept for statistics, seen by the program."""


class DisasterEvent(Record):
    """Something that happened. `raw` keeps the source's own words.

    `weighed` says that it was asked which points of the ledger it speaks of; corrected, it is
    asked again.
    """

    __tablename__ = "disaster_event"
    __table_args__ = (
        Index("uq_disaster_event_source_source_id", "source", "source_id", unique=True),
        Index("ix_disaster_event_happened_at", "happened_at"),
        Index("ix_disaster_event_unweighed", "id", postgresql_where=text("NOT weighed")),
        CheckConstraint(
            "time_precision IN ({})".format(", ".join(f"'{p}'" for p in TimePrecision)),
            name="time_precision",
        ),
        CheckConstraint("location_accuracy_m >= 0", name="location_accuracy_m"),
        CheckConstraint("deaths >= 0", name="deaths"),
        CheckConstraint("injured >= 0", name="injured"),
        CheckConstraint("loss_10k_yuan >= 0", name="loss_10k_yuan"),
    )

    source: Mapped[str]
    source_id: Mapped[str]
    hazard_type: Mapped[str] = mapped_column(ForeignKey("hazard_type.code"))
    title: Mapped[str]
    happened_at: Mapped[datetime]
    time_precision: Mapped[str]
    place: Mapped[Point] = mapped_column(Shape("POINT"))
    location_accuracy_m: Mapped[float | None]
    deaths: Mapped[int | None]
    injured: Mapped[int | None]
    loss_10k_yuan: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    area_path: Mapped[AreaPath]
    synthetic: Mapped[bool]
    weighed: Mapped[bool] = mapped_column(default=False, server_default=false())
    raw: Mapped[dict[str, Any]]


class EventImport(Base):
    """What a list made or changed of one record; `before` is what it said, for what was there."""

    __tablename__ = "event_import"

    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    area_path: Mapped[AreaPath]
    made_at: Mapped[datetime]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
