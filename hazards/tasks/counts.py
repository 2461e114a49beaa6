"""Lists added up by area, list, person and day, written by the change itself (0054_task_counts).

Each change appends rows that add and take away; sums over them are right at any moment.
`compact` melts rows of one key into one, now and then, and forgets days that no board asks for.
"""

from datetime import datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Table,
    Text,
    Uuid,
    func,
    select,
)
from sqlalchemy.orm import Session

from gis.store.base import Base
from hazards.tasks.rules import ZONE

KEPT_DAYS = 9
"""A board looks back seven; one that was opened at midnight looks back a little more."""

COUNTS = Table(
    "task_count",
    Base.metadata,
    Column("area_path", Text(collation="C"), nullable=False),
    Column("template_code", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("account_id", Uuid),
    Column("person", Text, nullable=False),
    Column("from_at", DateTime(timezone=True)),
    Column("due_at", DateTime(timezone=True)),
    Column("done_on", Date),
    Column("found_bad", Boolean, nullable=False),
    Column("lists", BigInteger, nullable=False),
    Index("ix_task_count_area_path", "area_path"),
)


def compact(session: Session, *, now: datetime) -> int:
    """Melt rows of the same key into one; give how many went. Sums stay the same throughout."""
    first_day = now.astimezone(ZONE).date() - timedelta(days=KEPT_DAYS)
    return session.scalar(select(func.compact_task_counts(first_day))) or 0
