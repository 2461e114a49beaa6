"""When a record happened: a moment, or a year with the month and day as far as they are known."""

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from gis.errors import Rejected
from gis.exchange.table import Refused
from hazards.events.rules import TimePrecision

Row = dict[str, Any]
SAID = ("happened_at", "time_precision", "year", "month", "day")
NO_TIME = Rejected("This record does not say when it happened. Give at least its year.")
NO_SUCH_DAY = "{day} is not a day of the calendar. Correct it."


def dated(rows: pa.Table) -> tuple[pa.Table, list[Refused]]:
    """Give every row its moment and how exactly it is known; refuse those without a year."""
    named = [name for name in (*SAID, "line") if name in rows.column_names]
    moments: list[datetime | None] = []
    precisions: list[str | None] = []
    refused: list[Refused] = []
    for row in rows.select(named).to_pylist():
        moment, precision = None, None
        try:
            moment, precision = moment_of(row)
        except Rejected as reason:
            refused.append(Refused(row["line"], reason))
        moments.append(moment)
        precisions.append(precision)
    kept = rows.drop_columns([name for name in SAID[:2] if name in rows.column_names])
    kept = kept.append_column("happened_at", pa.array(moments, pa.timestamp("s")))
    return kept.append_column("time_precision", pa.array(precisions, pa.string())), refused


def moment_of(row: Row) -> tuple[datetime, str]:
    """Give the moment of one row; what is not known of it is the first of its span."""
    told = row.get("time_precision")
    if row.get("happened_at") is not None:
        return row["happened_at"], told or TimePrecision.DAY
    year, month, day = (row.get(name) for name in SAID[2:])
    if year is None:
        raise NO_TIME
    known = TimePrecision.YEAR if month is None else TimePrecision.MONTH
    if month is not None and day is not None:
        known = TimePrecision.DAY
    day = day if month is not None else None
    try:
        moment = datetime(year, month or 1, day or 1, tzinfo=UTC)
    except ValueError as error:
        raise Rejected(NO_SUCH_DAY, day=f"{year}-{month}-{day}") from error
    return moment.replace(tzinfo=None), told or known
