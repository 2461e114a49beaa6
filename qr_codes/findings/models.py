"""Tables of findings and their steps, and of the time that each grade is given."""

from datetime import date, datetime
from uuid import UUID

from shapely import Point
from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gis.store.base import AreaPath, Base, Record, Shape
from qr_codes.assets.models import Asset


class FindingDeadline(Base):
    """How long each stage may take, by grade; a city changes `data/findings/deadlines.yaml`."""

    __tablename__ = "finding_deadline"

    grade: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    accept_min: Mapped[int]
    finish_min: Mapped[int]
    verify_min: Mapped[int]
    feed_back_min: Mapped[int]
    calls_at_once: Mapped[bool]


class Finding(Record):
    """One defect of one asset. The same defect seen again joins it while it is open.

    From `state` on it is what its steps add up to (`rules.standing`), kept beside them for lists.
    """

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
        Index("ix_finding_due_at", "due_at", postgresql_where=text("due_at IS NOT NULL")),
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
    found_by: Mapped[UUID]
    found_by_name: Mapped[str]
    found_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    times_seen: Mapped[int] = mapped_column(default=1)
    synthetic: Mapped[bool] = mapped_column(default=False)
    routed_by: Mapped[str] = mapped_column(default="")
    state: Mapped[str]
    closed_at: Mapped[datetime | None]
    unit_id: Mapped[UUID | None] = mapped_column(index=True)
    unit_name: Mapped[str] = mapped_column(default="")
    unit_name_en: Mapped[str] = mapped_column(default="")
    unit_path: Mapped[str] = mapped_column(default="")
    owned: Mapped[bool] = mapped_column(default=False)
    awaits_ruling: Mapped[bool] = mapped_column(default=False)
    unowned_since: Mapped[datetime | None]
    unowned_s: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None]
    called_on: Mapped[date | None]
    call_ref: Mapped[UUID | None]
    point_id: Mapped[UUID | None] = mapped_column(index=True)
    point_case_id: Mapped[UUID | None]
    """The point of the map that it became, and the case that applied for it."""
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
    unit_id: Mapped[UUID | None]
    unit_name: Mapped[str] = mapped_column(default="")
    unit_name_en: Mapped[str] = mapped_column(default="")
    code_id: Mapped[UUID | None] = mapped_column(ForeignKey("risk_code.id"))
    place: Mapped[Point | None] = mapped_column(Shape("POINT", index=False))
    distance_m: Mapped[float | None]


class ReportKind(Base):
    """What a resident can report; a city changes `data/findings/kinds.yaml`."""

    __tablename__ = "report_kind"

    code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    grade: Mapped[int]
    name_zh: Mapped[str]
    name_en: Mapped[str]


class ResidentReport(Record):
    """What somebody without an account reported; `source` tells senders apart, for a day only."""

    __tablename__ = "resident_report"
    __table_args__ = (Index("ix_resident_report_source_reported_at", "source", "reported_at"),)

    receipt: Mapped[str] = mapped_column(unique=True)
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("asset.id"), index=True)
    finding_id: Mapped[UUID] = mapped_column(ForeignKey("finding.id"), index=True)
    area_path: Mapped[AreaPath]
    kind: Mapped[str]
    words: Mapped[str]
    place: Mapped[Point | None] = mapped_column(Shape("POINT", index=False))
    distance_m: Mapped[float | None]
    source: Mapped[bytes] = mapped_column(LargeBinary)
    reported_at: Mapped[datetime]
