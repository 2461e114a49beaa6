"""Tables of the evidence: each search with all it was made of, and the places it proposes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from shapely import Point
from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import AreaPath, Base, Record, Shape
from hazards.evidence.rules import PROPOSED, State
from hazards.points.models import one_of


class EvidenceSearch(Record):
    """One look through the records: method, figures, vintage of the data, and what came out."""

    __tablename__ = "evidence_search"

    area_path: Mapped[AreaPath]
    family: Mapped[str]
    method: Mapped[str]
    parameters: Mapped[dict[str, Any]]
    vintage: Mapped[dict[str, Any]]
    seed: Mapped[int | None]
    result: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    by_id: Mapped[UUID]
    by_name: Mapped[str]


class EvidenceProposal(Record):
    """A place that records speak for, and what a person made of it. Never deleted."""

    __tablename__ = "evidence_proposal"
    __table_args__ = (
        one_of("state", State),
        CheckConstraint(
            "evidence IN ({})".format(", ".join(f"'{e}'" for e in PROPOSED)), name="evidence"
        ),
        CheckConstraint(
            "(state IN ('open', 'outdated')) = (decided_at IS NULL)", name="decided_at"
        ),
        Index("ix_evidence_proposal_state_area_path", "state", "area_path"),
    )

    search_id: Mapped[UUID] = mapped_column(ForeignKey("evidence_search.id"), index=True)
    area_path: Mapped[str] = mapped_column(Text(collation="C"))
    searched_path: Mapped[str] = mapped_column(Text(collation="C"))
    family: Mapped[str]
    evidence: Mapped[str]
    hazard_type: Mapped[str] = mapped_column(ForeignKey("hazard_type.code"))
    place: Mapped[Point] = mapped_column(Shape("POINT", index=False))
    event_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    keys: Mapped[list[str]] = mapped_column(ARRAY(Text))
    facts: Mapped[dict[str, Any]]
    synthetic: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str]
    found_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    decided_by_name: Mapped[str | None]
    reason: Mapped[str | None]
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("ledger_case.id"))
    point_id: Mapped[UUID | None]


class EvidenceBacking(Base):
    """A point that a record made historical, by a case; taken back when the record is gone."""

    __tablename__ = "evidence_backing"

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(index=True)
    point_id: Mapped[UUID]
    area_path: Mapped[AreaPath]
    taken_back_at: Mapped[datetime | None]
