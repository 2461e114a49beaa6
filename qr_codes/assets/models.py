"""Tables of assets, their codes and the keys that sign them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from shapely import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gis.store.base import AreaPath, Base, Record, Shape


class AssetType(Base):
    """A kind of asset; cities add their own in `data/assets/types.yaml`."""

    __tablename__ = "asset_type"

    code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    icon: Mapped[str]
    geometry: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    measures: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)


class PublicLine(Base):
    """A number that anyone may call, such as 119."""

    __tablename__ = "public_line"

    number: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    name_zh: Mapped[str]
    name_en: Mapped[str]


class Asset(Record):
    """One road section, bridge, drain, ... `number` is what its codes carry."""

    __tablename__ = "asset"
    __table_args__ = (
        Index("ix_asset_area_path_type_code", "area_path", "type_code"),
        UniqueConstraint("source", "source_id"),
    )

    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    type_code: Mapped[str] = mapped_column(ForeignKey("asset_type.code"), index=True)
    name: Mapped[str]
    place: Mapped[BaseGeometry] = mapped_column(Shape("GEOMETRY"))
    area_path: Mapped[AreaPath]
    street: Mapped[str]
    owner_unit: Mapped[str] = mapped_column(default="")
    owner_phone: Mapped[str] = mapped_column(default="")
    rank: Mapped[str] = mapped_column(default="")
    built_year: Mapped[int | None]
    source: Mapped[str | None]
    source_id: Mapped[str | None]
    worst_open_grade: Mapped[int | None]
    synthetic: Mapped[bool] = mapped_column(default=False)
    type: Mapped[AssetType] = relationship(lazy="raise")


class RiskCode(Record):
    """One label of an asset, from print to the end of its life."""

    __tablename__ = "risk_code"
    __table_args__ = (
        UniqueConstraint("asset_id", "issue"),
        Index(
            "uq_risk_code_one_in_force",
            "asset_id",
            unique=True,
            postgresql_where=text("state in ('printed', 'mounted', 'damaged')"),
        ),
    )

    asset_id: Mapped[UUID] = mapped_column(ForeignKey("asset.id"))
    issue: Mapped[int]
    code: Mapped[str] = mapped_column(unique=True)
    key_id: Mapped[int]
    state: Mapped[str]
    area_path: Mapped[AreaPath]
    hangs_at: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    printed_at: Mapped[datetime]
    mounted_at: Mapped[datetime | None]
    mounted_place: Mapped[Point | None] = mapped_column(Shape("POINT", index=False))
    damaged_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    asset: Mapped[Asset] = relationship(lazy="raise")


class CodeKey(Base):
    """A secret that signs codes. Only the program itself may read it; the newest one signs."""

    __tablename__ = "code_key"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
