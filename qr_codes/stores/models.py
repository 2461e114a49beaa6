"""Tables of stores and of the materials they may hold."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from shapely import Point
from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import AreaPath, Base, Record, Shape


class Material(Base):
    """What can be kept, what it is counted in, and other names lists have for it."""

    __tablename__ = "material"

    code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    unit_zh: Mapped[str]
    unit_en: Mapped[str]
    words: Mapped[list[str]] = mapped_column(ARRAY(Text))


class MaterialStore(Record):
    """One store; `stock` says how much of which material lies there."""

    __tablename__ = "material_store"
    __table_args__ = (UniqueConstraint("source", "source_id"),)

    source: Mapped[str]
    source_id: Mapped[str]
    name: Mapped[str]
    address: Mapped[str]
    keeper: Mapped[str]
    keeper_phone: Mapped[str]
    place: Mapped[Point] = mapped_column(Shape("POINT", index=False))
    stock: Mapped[dict[str, Any]]
    area_path: Mapped[AreaPath]
    synthetic: Mapped[bool]
    changed_at: Mapped[datetime]
    changed_by_name: Mapped[str]


class StoreBooking(Record):
    """How much of a material lay there before and after; only ever added."""

    __tablename__ = "store_booking"

    store_id: Mapped[UUID] = mapped_column(ForeignKey("material_store.id"), index=True)
    area_path: Mapped[AreaPath]
    material: Mapped[str]
    before: Mapped[Decimal]
    after: Mapped[Decimal]
    note: Mapped[str]
    booked_at: Mapped[datetime]
    by_name: Mapped[str]
