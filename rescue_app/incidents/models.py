"""Table of incidents."""

from datetime import datetime
from uuid import UUID

from shapely import Point
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import AreaPath, Record, Shape


class Incident(Record):
    """What happened (or is about to), at a point; placed in its area by geometry."""

    __tablename__ = "incident"

    hazard_type: Mapped[str]
    title: Mapped[str]
    place: Mapped[Point] = mapped_column(Shape("POINT"))
    area_path: Mapped[AreaPath]
    grade: Mapped[str | None]
    source: Mapped[str]
    opened_by: Mapped[UUID]
    opened_by_name: Mapped[str]
    opened_at: Mapped[datetime]
    closed_by: Mapped[UUID | None]
    closed_at: Mapped[datetime | None]
    is_drill: Mapped[bool] = mapped_column(default=False)
    synthetic: Mapped[bool] = mapped_column(default=False)
