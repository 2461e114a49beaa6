"""How long readings are kept: each by itself for so many days, then hours of them for years.

A month's readings are added up by the hour and its table is dropped whole, in one transaction.
What comes later for such a month is kept by itself and never thinned: nothing tells whether it was
among what was added up, and a late reading is never lost. An hour that was added up is shown so; a
late reading is shown where there was none.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from hazards.monitoring.models import ThinnedMonth
from hazards.monitoring.rules import Keeping

LEAST_RAW_DAYS = 62
"""Rules look back up to thirty days; a month is thinned when all of it is older."""
MOST_AT_ONCE = 3
DUE = text("""
    SELECT m.first FROM (
        SELECT to_date(right(c.relname, 6), 'YYYYMM') AS first
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'reading'::regclass AND c.relname ~ '^reading_[0-9]{6}$'
    ) AS m
    WHERE m.first + interval '1 month' <= :before
        AND NOT EXISTS (SELECT FROM thinned_month t WHERE t.month = m.first)
    ORDER BY m.first LIMIT :most
""")
THIN = text("SELECT reading_thin(CAST(:month AS date))")
DROP_HOURS = text("SELECT reading_hours_drop(CAST(:before AS date))")


def thin(session: Session, keeping: Keeping, *, now: datetime) -> Sequence[date]:
    """Thin the months that are old enough, the oldest first; give which. In the SYSTEM scope."""
    months: list[date] = []
    if keeping.raw_days is not None:
        days = max(keeping.raw_days, LEAST_RAW_DAYS)
        asked = {"before": now - timedelta(days=days), "most": MOST_AT_ONCE}
        months += session.scalars(DUE, asked).all()
    for month in months:
        session.execute(THIN, {"month": month})
    if keeping.hour_years is not None:
        years = now.year - keeping.hour_years
        session.execute(DROP_HOURS, {"before": date(max(years, 1), 1, 1)})
    return months


def thinned(session: Session) -> Sequence[ThinnedMonth]:
    """Give the months that are kept by the hour, the newest first."""
    return session.scalars(select(ThinnedMonth).order_by(ThinnedMonth.month.desc())).all()
