"""Tables of what crews tell from their sites, and of the clock that listens for them."""

from datetime import datetime
from uuid import UUID

from shapely import Point
from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import AreaPath, Base, Record, Shape
from rescue_app.site.rules import Tick


class SiteReport(Record):
    """One word from the site; a call for support rings under the report's own id. Only added."""

    __tablename__ = "site_report"
    __table_args__ = (Index("ix_site_report_order_id_received_at", "order_id", "received_at"),)

    order_id: Mapped[UUID] = mapped_column(ForeignKey("dispatch_order.id"))
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"), index=True)
    area_path: Mapped[AreaPath]
    kind: Mapped[str]
    need: Mapped[str | None]
    words: Mapped[str]
    people_moved: Mapped[int | None]
    place: Mapped[Point | None] = mapped_column(Shape("POINT", index=False))
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    by_phone: Mapped[str]
    done_at: Mapped[datetime]
    received_at: Mapped[datetime]


class ChecklistTick(Record):
    """An item of an order's checklist that a crew ticked, or took its tick back. Only added."""

    __tablename__ = "checklist_tick"

    order_id: Mapped[UUID] = mapped_column(ForeignKey("dispatch_order.id"), index=True)
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"), index=True)
    area_path: Mapped[AreaPath]
    item: Mapped[int]
    ticked: Mapped[bool]
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    by_phone: Mapped[str]
    done_at: Mapped[datetime]
    received_at: Mapped[datetime]

    @property
    def tick(self) -> Tick:
        """Give it as the rules know it."""
        return Tick(self.id, self.item, self.ticked, self.done_at, self.by_name)


class SiteWatch(Base):
    """By when a crew on site has to be heard of; `call_ref` is the alarm that rings about it."""

    __tablename__ = "site_watch"

    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"), primary_key=True)
    area_path: Mapped[AreaPath]
    heard_at: Mapped[datetime]
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    call_ref: Mapped[UUID | None]


class CrewPlace(Base):
    """Where a person of a crew was last while on an order; goes when the order is over."""

    __tablename__ = "crew_place"

    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    area_path: Mapped[AreaPath]
    name: Mapped[str]
    place: Mapped[Point] = mapped_column(Shape("POINT", index=False))
    accuracy_m: Mapped[float]
    at: Mapped[datetime]
    received_at: Mapped[datetime]


class CrewTrack(Base):
    """Where a person of a crew was while on an order: for the wall's past, and forgotten after."""

    __tablename__ = "crew_track"

    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    area_path: Mapped[AreaPath]
    place: Mapped[Point] = mapped_column(Shape("POINT", index=False))
    received_at: Mapped[datetime] = mapped_column(index=True)
