"""SQL of imports by people: find, list, what was said last time, and what a trial found."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session, undefer

from gis.errors import Missing
from hazards.points.importing.statements import WRITTEN
from hazards.points.intake.models import LedgerImport

LISTED = 100
SHOWN = 500
"""How many new and changed rows are kept for eyes; all are counted."""

PLAIN = tuple(name for name in WRITTEN if name not in {"place", "extent"})
NEW = text("""
    SELECT line, staged.number, staged.name, longitude, latitude FROM staged
    WHERE NOT EXISTS (SELECT FROM hazard_point AS point
        WHERE point.source = staged.source AND point.number = staged.number)
    ORDER BY line LIMIT :limit
""")
PAIRS = ", ".join(f"'{name}', jsonb_build_array(point.{name}, changed.{name})" for name in PLAIN)
CHANGED_ROWS = f"""
    SELECT staged.line, changed.number, changed.name, point.id AS point_id,
        (SELECT jsonb_object_agg(key, value) FROM jsonb_each(jsonb_build_object({PAIRS}))
         WHERE value -> 0 IS DISTINCT FROM value -> 1) AS differences,
        round(ST_Distance(point.place::geography, changed.place::geography)) AS moved_m,
        point.extent IS DISTINCT FROM changed.extent AS redrawn
    FROM changed JOIN hazard_point AS point ON point.id = changed.point_id
    JOIN staged ON staged.source = changed.source AND staged.number = changed.number
    ORDER BY staged.line LIMIT :limit
"""  # noqa: S608 - made of the columns' own names
CHANGED = text(CHANGED_ROWS)


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


def listed(session: Session) -> Sequence[LedgerImport]:
    """Give the unit's imports, newest first."""
    return session.scalars(
        select(LedgerImport).order_by(LedgerImport.id.desc()).limit(LISTED)
    ).all()


def last_time(session: Session, this: LedgerImport) -> LedgerImport | None:
    """Give the last import of a table with the same headings whose mapping was tried."""
    same = select(LedgerImport).where(
        LedgerImport.columns_key == this.columns_key,
        LedgerImport.id != this.id,
        LedgerImport.said.is_not(None),
        LedgerImport.counts.is_not(None),
    )
    return session.scalar(same.order_by(LedgerImport.changed_at.desc()).limit(1))


def new_rows(session: Session) -> list[dict[str, Any]]:
    """Give the first rows that would be new; of the trial in this transaction."""
    return [dict(row) for row in session.execute(NEW, {"limit": SHOWN}).mappings()]


def changed_rows(session: Session) -> list[dict[str, Any]]:
    """Give the first rows that would change a point, and what of it."""
    rows = session.execute(CHANGED, {"limit": SHOWN}).mappings()
    return [
        dict(row) | {"point_id": str(row["point_id"]), "moved_m": float(row["moved_m"])}
        for row in rows
    ]
