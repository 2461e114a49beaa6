"""The board of an alert: who of all in charge has answered, how, and who is asked now."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

MOST_LINES = 200
# By street; what lies in none of them stands under its district. `alert_answer` is a view.
SUMS = text("""
    SELECT '/' || array_to_string((string_to_array(trim(BOTH '/' FROM area_path), '/'))[1:3], '/')
            || '/' AS path,
        count(*) AS people, count(*) FILTER (WHERE stands = 'first') AS first,
        count(*) FILTER (WHERE stands = 'deputy') AS deputy,
        count(*) FILTER (WHERE stands = 'superior') AS superior,
        count(*) FILTER (WHERE stands = 'by_hand') AS by_hand,
        count(*) FILTER (WHERE stands = 'waiting') AS waiting,
        count(*) FILTER (WHERE stands = 'climbing') AS climbing,
        count(*) FILTER (WHERE stands = 'silent') AS silent,
        count(*) FILTER (WHERE stands = 'over') AS over
    FROM alert_answer WHERE root_id = :root GROUP BY 1 ORDER BY 1
""")
OPEN = text("""
    SELECT * FROM alert_answer WHERE root_id = :root AND stands IN ('waiting', 'climbing', 'silent')
    ORDER BY array_position(ARRAY['silent', 'climbing', 'waiting'], stands), due_at, name
    LIMIT :most
""")
BY_HAND = text("""
    SELECT * FROM alert_answer WHERE root_id = :root AND stands IN ('by_hand', 'deputy', 'superior')
    ORDER BY done_at DESC LIMIT :most
""")

Rows = Sequence[Row[Any]]


def sums(session: Session, root_id: UUID) -> Rows:
    """Count by street how the calls about an alert stand."""
    return session.execute(SUMS, {"root": root_id}).all()


def open_ones(session: Session, root_id: UUID) -> Rows:
    """Give who has not answered: nobody reached first, then by when the next one is called."""
    return session.execute(OPEN, {"root": root_id, "most": MOST_LINES}).all()


def answered_by_others(session: Session, root_id: UUID) -> Rows:
    """Give for whom somebody else answered, or at whose door: who, how, when."""
    return session.execute(BY_HAND, {"root": root_id, "most": MOST_LINES}).all()
