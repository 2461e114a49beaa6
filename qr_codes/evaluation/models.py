"""Tables of evaluation: what is asked, how much is drawn, what was drawn and how it was scored."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gis.store.base import AreaPath, Base, Record
from qr_codes.findings.models import Finding


class Criterion(Base):
    """What an evaluator asks; a city changes `data/findings/criteria.yaml`."""

    __tablename__ = "evaluation_criterion"

    code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    points: Mapped[int]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    ask_zh: Mapped[str]
    ask_en: Mapped[str]


class SampleQuota(Base):
    """How much of a grade is drawn in each district; a city changes `data/findings/quotas.yaml`."""

    __tablename__ = "sample_quota"

    grade: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    share: Mapped[float]
    least: Mapped[int]


class FindingSample(Record):
    """One draw: the seed and the quotas it was made with say how to make it again."""

    __tablename__ = "finding_sample"

    area_path: Mapped[AreaPath]
    seed: Mapped[str]
    closed_from: Mapped[date]
    closed_to: Mapped[date]
    quotas: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    drawn_at: Mapped[datetime]
    drawn_by: Mapped[UUID]
    drawn_by_name: Mapped[str]


class SampleStratum(Record):
    """One district and grade of a draw: how many were closed, how many of them were drawn."""

    __tablename__ = "sample_stratum"

    sample_id: Mapped[UUID] = mapped_column(ForeignKey("finding_sample.id"), index=True)
    area_path: Mapped[AreaPath]
    grade: Mapped[int]
    closed: Mapped[int]
    drawn: Mapped[int]


class SampledFinding(Record):
    """One finding that was drawn. `marks` say what was asked, so that they outlive the criteria."""

    __tablename__ = "sampled_finding"
    __table_args__ = (UniqueConstraint("sample_id", "finding_id"),)

    sample_id: Mapped[UUID] = mapped_column(ForeignKey("finding_sample.id"))
    finding_id: Mapped[UUID] = mapped_column(ForeignKey("finding.id"), index=True)
    area_path: Mapped[AreaPath]
    district_path: Mapped[str]
    grade: Mapped[int]
    unit_name: Mapped[str]
    unit_name_en: Mapped[str]
    marks: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))
    words: Mapped[str] = mapped_column(default="")
    evaluated_at: Mapped[datetime | None]
    evaluated_by: Mapped[UUID | None]
    finding: Mapped[Finding] = relationship(lazy="raise")
    sample: Mapped[FindingSample] = relationship(lazy="raise")
