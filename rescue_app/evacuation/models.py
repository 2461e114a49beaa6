"""Tables of households, of rosters made from them, and of what was done for each household."""

from datetime import datetime
from uuid import UUID

from shapely import Point
from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import AreaPath, Base, Record, Shape


class Household(Record):
    """Who lives where, how many of them are frail, and what those need. Never on a map for all."""

    __tablename__ = "household"
    __table_args__ = (
        UniqueConstraint("source", "source_id"),
        CheckConstraint("people > 0 AND frail BETWEEN 0 AND people", name="people"),
    )

    source: Mapped[str]
    source_id: Mapped[str]
    area_path: Mapped[AreaPath]
    place: Mapped[Point] = mapped_column(Shape("POINT"))
    head: Mapped[str]
    phone: Mapped[str]
    address: Mapped[str]
    people: Mapped[int]
    frail: Mapped[int]
    needs: Mapped[str]
    synthetic: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime]
    changed_by_name: Mapped[str]


class Evacuation(Record):
    """One roster of an incident; `cleared_at` is the all-clear."""

    __tablename__ = "evacuation"

    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incident.id"), unique=True)
    title: Mapped[str]
    area_path: Mapped[AreaPath]
    radius_m: Mapped[int | None]
    made_at: Mapped[datetime]
    made_by_name: Mapped[str]
    cleared_at: Mapped[datetime | None]
    cleared_by: Mapped[UUID | None]
    cleared_by_name: Mapped[str | None]
    is_drill: Mapped[bool]
    synthetic: Mapped[bool]


class Move(Record):
    """A household on a roster, as it was registered then; who fetches it, and where it goes."""

    __tablename__ = "evacuation_move"
    __table_args__ = (UniqueConstraint("evacuation_id", "household_id"),)

    evacuation_id: Mapped[UUID] = mapped_column(ForeignKey("evacuation.id"))
    household_id: Mapped[UUID] = mapped_column(ForeignKey("household.id"), index=True)
    area_path: Mapped[AreaPath]
    position: Mapped[int]
    place: Mapped[Point] = mapped_column(Shape("POINT", index=False))
    head: Mapped[str]
    phone: Mapped[str]
    address: Mapped[str]
    people: Mapped[int]
    frail: Mapped[int]
    needs: Mapped[str]
    crew_id: Mapped[UUID | None] = mapped_column(ForeignKey("crew.id"), index=True)
    shelter_id: Mapped[UUID | None] = mapped_column(ForeignKey("asset.id"), index=True)
    shelter_m: Mapped[float | None]
    """A straight line; the page says so."""


class MoveStep(Base):
    """What somebody said about a household, once per id. Only added."""

    __tablename__ = "evacuation_step"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    move_id: Mapped[UUID] = mapped_column(ForeignKey("evacuation_move.id"), index=True)
    area_path: Mapped[AreaPath]
    kind: Mapped[str]
    confirms: Mapped[UUID | None] = mapped_column(ForeignKey("evacuation_step.id"))
    note: Mapped[str]
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    done_at: Mapped[datetime]
    received_at: Mapped[datetime]


class ReturnPatrol(Base):
    """Somebody walked the danger area and looked for who had gone back. Only added."""

    __tablename__ = "return_patrol"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    evacuation_id: Mapped[UUID] = mapped_column(ForeignKey("evacuation.id"), index=True)
    area_path: Mapped[AreaPath]
    note: Mapped[str]
    place: Mapped[Point | None] = mapped_column(Shape("POINT", index=False))
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    done_at: Mapped[datetime]
    received_at: Mapped[datetime]
