"""Tables of susceptibility: what was brought in for it, and the classes of each map."""

from datetime import datetime
from typing import Any
from uuid import UUID

from shapely import Polygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import AreaPath, Record, Shape
from hazards.points.models import one_of
from hazards.susceptibility.rules import HIGHEST, Kind


class GroundLayer(Record):
    """A raster (its file lies under the digest) or lines that somebody brought in for an area."""

    __tablename__ = "ground_layer"
    __table_args__ = (
        one_of("kind", Kind),
        CheckConstraint(
            "(kind IN ('elevation', 'rain')) = (lines IS NULL) OR removed_at IS NOT NULL",
            name="lines",
        ),
    )

    area_path: Mapped[AreaPath]
    kind: Mapped[str]
    name: Mapped[str]
    digest: Mapped[str]
    about: Mapped[dict[str, Any]]
    extent: Mapped[Polygon] = mapped_column(Shape("POLYGON"))
    lines: Mapped[BaseGeometry | None] = mapped_column(Shape("MULTILINESTRING", index=False))
    at: Mapped[datetime]
    by_name: Mapped[str]
    synthetic: Mapped[bool] = mapped_column(default=False)
    removed_at: Mapped[datetime | None]
    removed_by_name: Mapped[str | None]


class SusceptibilityZone(Record):
    """Cells of one class that hang together, as the map draws them."""

    __tablename__ = "susceptibility_zone"
    __table_args__ = (CheckConstraint(f"class BETWEEN 1 AND {HIGHEST}", name="class"),)

    search_id: Mapped[UUID] = mapped_column(ForeignKey("evidence_search.id"), index=True)
    area_path: Mapped[AreaPath]
    grade: Mapped[int] = mapped_column("class")
    shape: Mapped[Polygon] = mapped_column(Shape("POLYGON"))
