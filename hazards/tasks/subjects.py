"""At what lists are asked: a point of the ledger, or an asset of the registry.

This floor knows nothing of assets; the schema's view `task_subject` has both under the same words.
"""

from datetime import datetime
from uuid import UUID

from shapely import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Boolean, Column, DateTime, MetaData, Table, Text, Uuid
from sqlalchemy.orm import Mapped

from gis.store.base import Base, Shape

POINT, ASSET = "point", "asset"
WORDS = (
    "kind", "asks", "name", "number", "address", "category", "hazard_type", "grade", "state",
    "owner_name", "owner_phone", "owner_unit",
)  # fmt: skip


class Subject(Base):
    """A point or an asset, as its lists see it; only read.

    `asks` is how checklists name its kind. An asset's `category` is `asset`, its `hazard_type` its
    kind. `place` is where it lies, `spot` where one goes.
    """

    __table__ = Table(
        "task_subject",
        MetaData(),  # a view: no migration makes a table of it
        Column("id", Uuid, primary_key=True),
        *(Column(name, Text) for name in WORDS),
        Column("area_path", Text(collation="C")),
        Column("place", Shape("GEOMETRY", index=False)),
        Column("spot", Shape("POINT", index=False)),
        Column("synthetic", Boolean),
        Column("changed_at", DateTime(timezone=True)),
    )

    id: Mapped[UUID]
    kind: Mapped[str]
    asks: Mapped[str]
    name: Mapped[str]
    number: Mapped[str]
    address: Mapped[str]
    category: Mapped[str]
    hazard_type: Mapped[str]
    grade: Mapped[str | None]
    state: Mapped[str]
    owner_name: Mapped[str]
    owner_phone: Mapped[str]
    owner_unit: Mapped[str]
    area_path: Mapped[str]
    place: Mapped[BaseGeometry]
    spot: Mapped[Point]
    synthetic: Mapped[bool]
    changed_at: Mapped[datetime]

    @property
    def is_asset(self) -> bool:
        """Tell whether it stands in the registry."""
        return self.kind == ASSET

    @property
    def page(self) -> str:
        """Give the address of its record."""
        return f"/{self.kind}s/{self.id}"
