"""The tree city > district > street > community > grid, each part true from a day to a day."""

from datetime import date
from uuid import UUID

from shapely import MultiPolygon, Point
from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import DATERANGE, Range
from sqlalchemy.orm import Mapped, mapped_column

from gis.areas.rules import AreaLevel, BoundaryKind
from gis.store.base import AreaPath, Record, Shape

__all__ = ["Area", "AreaLevel", "BoundaryKind"]


class Area(Record):
    """One area as it was from a day to a day; a later change is another row, same code."""

    __tablename__ = "area"
    __table_args__ = (
        UniqueConstraint("code_system", "code", "validity"),
        Index("ix_area_boundary_validity", "boundary", "validity", postgresql_using="gist"),
    )

    code: Mapped[str]
    code_system: Mapped[str]
    level: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("area.id"), index=True)
    path: Mapped[AreaPath]
    validity: Mapped[Range[date]] = mapped_column(DATERANGE)
    boundary: Mapped[MultiPolygon | None] = mapped_column(Shape("MULTIPOLYGON", index=False))
    boundary_kind: Mapped[str]
    centre: Mapped[Point | None] = mapped_column(Shape("POINT"))
    population: Mapped[int | None]
    source: Mapped[str]
