"""The board of an alert: who of all in charge has answered, how, and who is asked now."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

MOST_LINES = 200
# By street; what lies in none of them stands under its district. `alert_answer` is a view, and
# dear: it is read once, and who is asked now is looked up only for those shown.
STANDS = text("""
    WITH stood AS MATERIALIZED (SELECT * FROM alert_answer WHERE root_id = :root),
    streets AS (
        SELECT 'street' AS part, '/' || array_to_string(
                (string_to_array(trim(BOTH '/' FROM area_path), '/'))[1:3], '/') || '/' AS path,
            count(*) AS people, count(*) FILTER (WHERE stands = 'first') AS first,
            count(*) FILTER (WHERE stands = 'deputy') AS deputy,
            count(*) FILTER (WHERE stands = 'superior') AS superior,
            count(*) FILTER (WHERE stands = 'by_hand') AS by_hand,
            count(*) FILTER (WHERE stands = 'waiting') AS waiting,
            count(*) FILTER (WHERE stands = 'climbing') AS climbing,
            count(*) FILTER (WHERE stands = 'silent') AS silent,
            count(*) FILTER (WHERE stands = 'over') AS over
        FROM stood GROUP BY path
    ), open AS (
        SELECT array_position(ARRAY['silent', 'climbing', 'waiting'], stands) AS place, stood.*
        FROM stood WHERE stands IN ('waiting', 'climbing', 'silent')
        ORDER BY place, due_at, name LIMIT :most
    ), others AS (
        SELECT 0 AS place, stood.* FROM stood WHERE stands IN ('by_hand', 'deputy', 'superior')
        ORDER BY done_at DESC LIMIT :most
    ), persons AS (
        SELECT 'open' AS part, open.*, asked.name AS asked_name, asked.phone AS asked_phone
        FROM open LEFT JOIN LATERAL (SELECT name, phone FROM call_rung r
            WHERE r.ladder_id = open.ladder_id AND r.position = open.position
            ORDER BY r.id LIMIT 1) AS asked ON true
        UNION ALL SELECT 'others', others.*, NULL, NULL FROM others
    )
    SELECT * FROM streets FULL JOIN persons USING (part)
    ORDER BY path, place, CASE part WHEN 'open' THEN due_at END, done_at DESC, name
""")

Rows = Sequence[Row[Any]]


@dataclass(frozen=True, slots=True)
class Stands:
    """How calls stand: by street; who is open, nobody reached first; for whom others answered."""

    streets: Rows
    open: Rows
    others: Rows


def stands(session: Session, root_id: UUID) -> Stands:
    """Tell how the calls about an alert stand, by one question."""
    rows = session.execute(STANDS, {"root": root_id, "most": MOST_LINES}).all()
    parts = ("street", "open", "others")
    return Stands(*([row for row in rows if row.part == part] for part in parts))
