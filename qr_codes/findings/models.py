"""Tables of findings and their steps."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gis.store.base import AreaPath, Record
from qr_codes.assets.models import Asset


class Finding(Record):
    """One defect of one asset. The same defect seen again joins it while it is open."""

    __tablename__ = "finding"
    __table_args__ = (
        Index(
            "uq_finding_open_defect",
            "asset_id",
            "template_code",
            "item_code",
            unique=True,
            postgresql_where=text("closed_at IS NULL AND item_code <> 'other'"),
        ),
        Index("ix_finding_area_path_state", "area_path", "state"),
    )

    asset_id: Mapped[UUID] = mapped_column(ForeignKey("asset.id"), index=True)
    area_path: Mapped[AreaPath]
    template_code: Mapped[str]
    item_code: Mapped[str]
    text_zh: Mapped[str]
    text_en: Mapped[str]
    answer: Mapped[str]
    note: Mapped[str]
    grade: Mapped[int]
    stop: Mapped[bool]
    state: Mapped[str]
    found_by: Mapped[UUID]
    found_by_name: Mapped[str]
    found_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    times_seen: Mapped[int] = mapped_column(default=1)
    closed_at: Mapped[datetime | None]
    synthetic: Mapped[bool] = mapped_column(default=False)
    asset: Mapped[Asset] = relationship(lazy="raise")


class FindingStep(Record):
    """One step of a finding: who did what, when it was done and when we heard of it."""

    __tablename__ = "finding_step"

    finding_id: Mapped[UUID] = mapped_column(ForeignKey("finding.id"), index=True)
    area_path: Mapped[AreaPath]
    act: Mapped[str]
    state: Mapped[str]
    actor_id: Mapped[UUID]
    actor_name: Mapped[str]
    done_at: Mapped[datetime]
    received_at: Mapped[datetime]
    note: Mapped[str]
    inspection_id: Mapped[UUID | None] = mapped_column(index=True)
