"""What a trial would make of points, row by row: the new ones, and what changes of the others."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from hazards.points.importing.statements import WRITTEN

PLAIN = tuple(name for name in WRITTEN if name not in {"place", "extent"})
NEW = text("""
    SELECT line, staged.number, staged.name, longitude, latitude FROM staged
    WHERE NOT EXISTS (SELECT FROM hazard_point AS point
        WHERE point.source = staged.source AND point.number = staged.number)
    ORDER BY line LIMIT :limit
""")
PAIRS = ", ".join(f"'{name}', jsonb_build_array(point.{name}, changed.{name})" for name in PLAIN)
CHANGED_ROWS = f"""
    SELECT staged.line, changed.number, changed.name, point.id,
        (SELECT jsonb_object_agg(key, value) FROM jsonb_each(jsonb_build_object({PAIRS}))
         WHERE value -> 0 IS DISTINCT FROM value -> 1) AS differences,
        round(ST_Distance(point.place::geography, changed.place::geography)) AS moved_m,
        point.extent IS DISTINCT FROM changed.extent AS redrawn
    FROM changed JOIN hazard_point AS point ON point.id = changed.point_id
    JOIN staged ON staged.source = changed.source AND staged.number = changed.number
    ORDER BY staged.line LIMIT :limit
"""  # noqa: S608 - made of the columns' own names
CHANGED = text(CHANGED_ROWS)


def new_rows(session: Session, *, most: int) -> list[dict[str, Any]]:
    """Give the first rows that would be new; of the trial in this transaction."""
    return [dict(row) for row in session.execute(NEW, {"limit": most}).mappings()]


def changed_rows(session: Session, *, most: int) -> list[dict[str, Any]]:
    """Give the first rows that would change a point, and what of it."""
    rows = session.execute(CHANGED, {"limit": most}).mappings()
    return [dict(row) | {"id": str(row["id"]), "moved_m": float(row["moved_m"])} for row in rows]
