"""SQL for conflicts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.errors import Missing
from hazards.conflicts.models import VersionConflict, VersionRuling
from hazards.conflicts.rules import Choice

PAGE_ROWS = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which conflicts a list shows: those still open, or those that were ruled."""

    ruled: bool = False
    page: int = 1


def keep(session: Session, conflict: VersionConflict) -> bool:
    """Insert a conflict unless it stands already."""
    columns = [c.key for c in VersionConflict.__table__.columns if c.key != "created_at"]
    row = {name: getattr(conflict, name) for name in columns} | {"choice": Choice.OPEN}
    statement = insert(VersionConflict).values(row).on_conflict_do_nothing(index_elements=["id"])
    return session.scalar(statement.returning(VersionConflict.id)) is not None


def visible(session: Session, conflict_id: UUID, *, lock: bool = False) -> VersionConflict:
    """Give a conflict; what the asker cannot see does not exist."""
    query = select(VersionConflict).where(VersionConflict.id == conflict_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise Missing("There are no such two versions in your area.")
    return found


def of_version(session: Session, version_id: UUID) -> UUID | None:
    """Give the latest conflict that a visit or an answer is part of."""
    either = or_(VersionConflict.first_id == version_id, VersionConflict.second_id == version_id)
    query = select(VersionConflict.id).where(either).order_by(VersionConflict.received_at.desc())
    return session.scalar(query.limit(1))


def seconds(session: Session, first_id: UUID) -> Sequence[UUID]:
    """Give the versions that came after a first one."""
    query = select(VersionConflict.second_id).where(VersionConflict.first_id == first_id)
    return session.scalars(query).all()


def is_aside(session: Session, version_id: UUID) -> bool:
    """Tell whether some ruling says that a version does not count."""
    query = select(VersionConflict.id).where(VersionConflict.aside_id == version_id)
    return session.scalar(query.limit(1)) is not None


def asides(session: Session, versions: Collection[UUID]) -> set[UUID]:
    """Give those of some visits or answers that do not count."""
    query = select(VersionConflict.aside_id).where(VersionConflict.aside_id.in_(versions))
    return {one for one in session.scalars(query) if one is not None}


def rulings(session: Session, conflict_id: UUID) -> Sequence[VersionRuling]:
    """Give what was ruled, each time, the first time first."""
    query = select(VersionRuling).where(VersionRuling.conflict_id == conflict_id)
    return session.scalars(query.order_by(VersionRuling.ruled_at, VersionRuling.id)).all()


def listing(session: Session, wanted: Wanted) -> tuple[Sequence[VersionConflict], int]:
    """Give one page, the newest first, and the number of all."""
    is_open = VersionConflict.choice == Choice.OPEN
    query = select(VersionConflict).where(~is_open if wanted.ruled else is_open)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    query = query.order_by(VersionConflict.received_at.desc(), VersionConflict.id)
    query = query.limit(PAGE_ROWS).offset((wanted.page - 1) * PAGE_ROWS)
    return session.scalars(query).all(), total


def count_open(session: Session) -> int:
    """Count what waits for a ruling."""
    query = select(func.count()).where(VersionConflict.choice == Choice.OPEN)
    return session.scalar(query) or 0
