"""Table of inspections; they are only ever added."""

from datetime import datetime
from typing import Any
from uuid import UUID

from shapely import Point
from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gis.store.base import AreaPath, Record, Shape
from qr_codes.assets.models import Asset


class Inspection(Record):
    """One visit. Its id is made on the phone, so a retry is the same visit.

    `done_at` is the time of the deed (put right by `clock_off_s` when the phone's clock was
    wrong), `received_at` when it arrived here. Without `code_id` nobody scanned a label.
    """

    __tablename__ = "inspection"
    __table_args__ = (Index("ix_inspection_asset_id_done_at", "asset_id", "done_at"),)

    asset_id: Mapped[UUID] = mapped_column(ForeignKey("asset.id"))
    code_id: Mapped[UUID | None] = mapped_column(ForeignKey("risk_code.id"))
    area_path: Mapped[AreaPath]
    template_code: Mapped[str]
    template_version: Mapped[int]
    actor_id: Mapped[UUID] = mapped_column(index=True)
    actor_name: Mapped[str]
    outcome: Mapped[str]
    answers: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    note: Mapped[str]
    done_at: Mapped[datetime]
    received_at: Mapped[datetime]
    clock_off_s: Mapped[int]
    place: Mapped[Point | None] = mapped_column(Shape("POINT", index=False))
    accuracy_m: Mapped[float | None]
    distance_m: Mapped[float | None]
    far: Mapped[bool]
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    asset: Mapped[Asset] = relationship(lazy="raise")
