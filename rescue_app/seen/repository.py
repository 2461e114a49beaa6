"""SQL of what cameras saw beside incidents: which open ones are near each."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

ALIKE = text("""
    SELECT s.id AS sighting_id, i.* FROM sighting s
    JOIN LATERAL (
        SELECT id, title, ST_Distance(coalesce(extent, place)::geography, s.place::geography)
            AS metres
        FROM incident WHERE closed_at IS NULL AND merged_into_id IS NULL AND NOT is_drill
            AND ST_DWithin(coalesce(extent, place)::geography, s.place::geography, :within_m)
        ORDER BY metres, id LIMIT 3
    ) AS i ON true
    WHERE s.id = ANY(:ids) ORDER BY i.metres
""")


def alike(
    session: Session, ids: Collection[UUID], *, within_m: float
) -> dict[UUID, list[Row[Any]]]:
    """Give the open incidents near what was seen, the nearest first."""
    found: dict[UUID, list[Row[Any]]] = defaultdict(list)
    for row in session.execute(ALIKE, {"ids": list(ids), "within_m": within_m}) if ids else ():
        found[row.sighting_id].append(row)
    return found
