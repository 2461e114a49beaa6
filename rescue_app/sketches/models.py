"""The sketch of an incident: a log to which lines are only added."""

from datetime import datetime
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import AreaPath, Base, Shape


class SketchLine(Base):
    """Something drawn, or (with `removes_id`) that it is taken away. Times of deed and arrival."""

    __tablename__ = "sketch_line"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incident.id"), index=True)
    area_path: Mapped[AreaPath]
    kind: Mapped[str]
    removes_id: Mapped[UUID | None] = mapped_column(ForeignKey("sketch_line.id"))
    shape: Mapped[BaseGeometry | None] = mapped_column(Shape("GEOMETRY", index=False))
    words: Mapped[str]
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    by_phone: Mapped[str]
    done_at: Mapped[datetime]
    received_at: Mapped[datetime]
