"""Tables of assets, their codes and the keys that sign them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from shapely import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gis.store.base import AreaPath, Base, Record, Shape
from gis.store.scope import NO_ONE


class AssetType(Base):
    """A kind of asset; cities add their own in `data/assets/types.yaml`."""

    __tablename__ = "asset_type"

    code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    icon: Mapped[str]
    geometry: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    fields: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    words: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))


class PublicLine(Base):
    """A number that anyone may call, such as 119."""

    __tablename__ = "public_line"

    number: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    name_zh: Mapped[str]
    name_en: Mapped[str]


class Said:
    """What the registry says of an asset; the same columns now and in its history.

    `facts` holds the fields of its kind. `retired_at` is set when it is out of use.
    """

    type_code: Mapped[str]
    name: Mapped[str]
    area_path: Mapped[AreaPath]
    street: Mapped[str]
    owner_unit: Mapped[str] = mapped_column(default="")
    owner_phone: Mapped[str] = mapped_column(default="")
    maintainer: Mapped[str] = mapped_column(default="", server_default="")
    rank: Mapped[str] = mapped_column(default="")
    built_year: Mapped[int | None]
    source: Mapped[str | None]
    source_id: Mapped[str | None]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    retired_at: Mapped[datetime | None]
    retired_reason: Mapped[str] = mapped_column(default="", server_default="")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    changed_by: Mapped[UUID] = mapped_column(default=NO_ONE, server_default=str(NO_ONE))
    changed_by_name: Mapped[str] = mapped_column(default="", server_default="")


class Asset(Said, Record):
    """One road section, bridge, drain, ... `number` is what its codes carry."""

    __tablename__ = "asset"
    __table_args__ = (
        Index("ix_asset_area_path_type_code", "area_path", "type_code"),
        Index("ix_asset_changed_at", "changed_at"),
        UniqueConstraint("source", "source_id"),
    )

    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    type_code: Mapped[str] = mapped_column(ForeignKey("asset_type.code"), index=True)
    place: Mapped[BaseGeometry] = mapped_column(Shape("GEOMETRY"))
    worst_open_grade: Mapped[int | None]
    unproven: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """Whether only residents say so, and no office has accepted it yet."""
    synthetic: Mapped[bool] = mapped_column(default=False)
    type: Mapped[AssetType] = relationship(lazy="raise")


class AssetVersion(Said, Base):
    """A state of an asset that was replaced; written by the database itself, never changed."""

    __tablename__ = "asset_version"

    asset_id: Mapped[UUID] = mapped_column(ForeignKey("asset.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[BaseGeometry] = mapped_column(Shape("GEOMETRY", index=False))
    replaced_at: Mapped[datetime]


class AssetRating(Base):
    """How an asset was judged in a year, in the words of whoever judged it."""

    __tablename__ = "asset_rating"

    asset_id: Mapped[UUID] = mapped_column(ForeignKey("asset.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[str]
    area_path: Mapped[AreaPath]
    made_at: Mapped[datetime]


class AssetRelation(Base):
    """What one asset may be to another; `back` is how the other one says it."""

    __tablename__ = "asset_relation"

    code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    back_zh: Mapped[str]
    back_en: Mapped[str]
    words: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))


class AssetLink(Base):
    """One asset is something to another; it lies where the first one does."""

    __tablename__ = "asset_link"

    from_id: Mapped[UUID] = mapped_column(ForeignKey("asset.id"), primary_key=True)
    relation: Mapped[str] = mapped_column(ForeignKey("asset_relation.code"), primary_key=True)
    to_id: Mapped[UUID] = mapped_column(ForeignKey("asset.id"), primary_key=True, index=True)
    area_path: Mapped[AreaPath]
    made_at: Mapped[datetime]
    made_by_name: Mapped[str]


class AssetImport(Base):
    """What one import made of one asset, so that it can be taken back as a whole.

    `before` is the version it had, none where the import entered it. `ratings` are those that it
    wrote over, by year, none where there was none; `links` those that it made.
    """

    __tablename__ = "asset_import"

    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("asset.id"), primary_key=True, index=True)
    area_path: Mapped[AreaPath]
    before: Mapped[int | None]
    version: Mapped[int]
    ratings: Mapped[dict[str, Any]]
    links: Mapped[list[Any]] = mapped_column(JSONB)
    made_at: Mapped[datetime]
    undone_version: Mapped[int | None]


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
