"""Tables of cases: the case, what it would make of each entry, and every step it took."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from shapely import MultiPolygon, Point
from sqlalchemy import ARRAY, ForeignKey, Index, Text, Uuid, false, select
from sqlalchemy.orm import Mapped, MappedSQLExpression, aliased, column_property, mapped_column

from gis.store.base import AreaPath, Base, Record, Shape
from hazards.points.cases.rules import Kind, State
from hazards.points.models import Entry, entry_checks, one_of


class LedgerCase(Record):
    """What somebody asks of the ledger. It belongs to his unit; `area_path` is what it touches."""

    __tablename__ = "ledger_case"
    __table_args__ = (
        Index("ix_ledger_case_state_changed_at", "state", "changed_at"),
        one_of("kind", Kind),
        one_of("state", State),
    )

    kind: Mapped[str]
    state: Mapped[str]
    title: Mapped[str]
    reason: Mapped[str]
    ground: Mapped[str | None]
    report: Mapped[str]
    changes: Mapped[dict[str, Any] | None]
    unit_path: Mapped[AreaPath]
    area_path: Mapped[str] = mapped_column(Text(collation="C"))
    author_id: Mapped[UUID] = mapped_column(index=True)
    author_name: Mapped[str]
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    undoes_id: Mapped[UUID | None] = mapped_column(ForeignKey("ledger_case.id"), index=True)
    count_new: Mapped[int] = mapped_column(default=0)
    count_changed: Mapped[int] = mapped_column(default=0)
    count_removed: Mapped[int] = mapped_column(default=0)
    count_left_out: Mapped[int] = mapped_column(default=0, server_default="0")
    job_id: Mapped[UUID | None]
    is_undone: ClassVar[MappedSQLExpression[Any]]

    @property
    def size(self) -> int:
        """Tell how many points it would change."""
        return self.count_new + self.count_changed + self.count_removed


UNDOING = aliased(LedgerCase)
LedgerCase.is_undone = column_property(
    select(UNDOING.id)
    .where(UNDOING.undoes_id == LedgerCase.id, UNDOING.state == State.APPROVED)
    .correlate(LedgerCase)
    .exists()
)


class HazardPointDraft(Entry, Base):
    """What a case would make of one entry, seen at `base_version` (0: there is none yet).

    One that was left out stays with its case and does nothing, until it is taken in again.
    """

    __tablename__ = "hazard_point_draft"
    __table_args__ = (
        Index("ix_hazard_point_draft_point_id", "point_id"),
        Index("uq_hazard_point_draft_number", "case_id", "source", "number", unique=True),
        *entry_checks(),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("ledger_case.id"), primary_key=True)
    point_id: Mapped[UUID] = mapped_column(primary_key=True)
    base_version: Mapped[int]
    left_out: Mapped[bool] = mapped_column(default=False, server_default=false())
    unit_path: Mapped[str] = mapped_column(Text(collation="C"))
    # Drafts are never looked for by place: without these indexes an import into a case is quick.
    place: Mapped[Point] = mapped_column(Shape("POINT", index=False))
    extent: Mapped[MultiPolygon | None] = mapped_column(Shape("MULTIPOLYGON", index=False))
    area_path: Mapped[str] = mapped_column(Text(collation="C"))


class CaseStep(Record):
    """One step of a case: who, when, with which words and files. Never changed."""

    __tablename__ = "case_step"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("ledger_case.id"), index=True)
    unit_path: Mapped[str] = mapped_column(Text(collation="C"))
    act: Mapped[str]
    state: Mapped[str]
    person_id: Mapped[UUID]
    person_name: Mapped[str]
    at: Mapped[datetime]
    opinion: Mapped[str]
    file_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    facts: Mapped[dict[str, Any]]
