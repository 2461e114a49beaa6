"""Tables of traffic: plans are only ever added, a closure ends by being reopened."""

from datetime import datetime
from typing import Any
from uuid import UUID

from shapely import LineString
from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import AreaPath, Record, Shape


class TrafficPlan(Record):
    """How traffic is led when an asset is closed; the highest version holds.

    `stops` are the closure points, each with `lon`, `lat` and `name`, in the order of closing.
    """

    __tablename__ = "traffic_plan"
    __table_args__ = (UniqueConstraint("asset_id", "version"),)

    asset_id: Mapped[UUID] = mapped_column(ForeignKey("asset.id"))
    version: Mapped[int]
    area_path: Mapped[AreaPath]
    stops: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    detour: Mapped[LineString | None] = mapped_column(Shape("LINESTRING", index=False))
    words: Mapped[str]
    closer: Mapped[str]
    closer_phone: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[UUID]
    made_by_name: Mapped[str]


class AssetClosure(Record):
    """One time that an asset was closed to traffic; the id is made where it is closed."""

    __tablename__ = "asset_closure"
    __table_args__ = (
        Index("ix_asset_closure_asset_id_closed_at", "asset_id", "closed_at"),
        Index(
            "uq_asset_closure_one_open",
            "asset_id",
            unique=True,
            postgresql_where=text("reopened_at IS NULL"),
        ),
    )

    asset_id: Mapped[UUID] = mapped_column(ForeignKey("asset.id"))
    area_path: Mapped[AreaPath]
    unit: Mapped[str]
    reason: Mapped[str]
    closed_at: Mapped[datetime]
    closed_by: Mapped[UUID]
    closed_by_name: Mapped[str]
    expected_at: Mapped[datetime | None]
    reopened_at: Mapped[datetime | None]
    reopened_by: Mapped[UUID | None]
    reopened_by_name: Mapped[str]
    reopened_note: Mapped[str]
