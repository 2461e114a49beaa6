"""SQL of imports by people: find, list, and what was said last time."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from gis.errors import Missing
from gis.intake.models import LedgerImport

LISTED = 100


def find(session: Session, import_id: UUID) -> LedgerImport | None:
    """Give an import the reader may see."""
    return session.get(LedgerImport, import_id)


def of_case(session: Session, case_id: UUID) -> UUID | None:
    """Give the import that a case came from, as far as the reader sees it."""
    return session.scalar(select(LedgerImport.id).where(LedgerImport.case_id == case_id))


def visible(session: Session, import_id: UUID, *, lock: bool = False) -> LedgerImport:
    """Give an import with all it knows, or say that there is none for this reader."""
    query = select(LedgerImport).where(LedgerImport.id == import_id)
    whole = query.options(undefer(LedgerImport.looked), undefer(LedgerImport.found))
    found = session.scalar(whole.with_for_update() if lock else whole)
    if found is None:
        raise Missing("There is no such import. It may belong to another unit.")
    return found


def listed(session: Session, kind: str) -> Sequence[LedgerImport]:
    """Give the unit's imports into a ledger, newest first."""
    of_kind = select(LedgerImport).where(LedgerImport.kind == kind)
    return session.scalars(of_kind.order_by(LedgerImport.id.desc()).limit(LISTED)).all()


def last_time(session: Session, this: LedgerImport, columns_key: str) -> LedgerImport | None:
    """Give the last import of such a table whose mapping was tried: one's own, else the unit's."""
    same = select(LedgerImport).where(
        LedgerImport.kind == this.kind,
        LedgerImport.columns_key == columns_key,
        LedgerImport.id != this.id,
        LedgerImport.said.is_not(None),
        LedgerImport.counts.is_not(None),
    )
    own = LedgerImport.owner_id == this.owner_id
    of_unit = LedgerImport.area_path == this.area_path
    nearest = same.order_by(own.desc(), of_unit.desc(), LedgerImport.changed_at.desc())
    return session.scalar(nearest.limit(1))
