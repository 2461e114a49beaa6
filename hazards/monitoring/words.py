"""Reads what stations write as values, units and moments. Pure; what it cannot read it refuses."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from gis.errors import Rejected
from hazards.monitoring.rules import Said

NOTHING = frozenset(
    ("", "na", "n/a", "nan", "null", "none", "-", "--", "/", "-9999", "-9999.0", "缺测", "无")
)
"""What stations write where they have no value, in small letters. 9999 may be a river's flow."""
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = timedelta(days=366)
LONGEST = 60


def said(value: object, *, unit: str | None, units: Mapping[str, float], at: datetime) -> Said:
    """Read a value in its unit; a unit that nobody knows keeps the words and no value."""
    words = str("" if value is None else value).strip()[:LONGEST]
    number = number_of(value)
    if unit is None or unit.strip() == "":
        factor: float | None = 1.0
    else:
        factor = units.get(unit.strip())
    if factor is None:
        return Said(at, None, f"{words} {unit}"[:LONGEST], unit_known=False)
    if number is None:
        return Said(at, None, words or None)
    kept = number * factor
    return Said(at, kept, None if factor == 1 else f"{words} {unit}"[:LONGEST])


def number_of(value: object) -> float | None:
    """Give the number, or None where the station says that it has none.

    Raises Rejected for what is neither.
    """
    if value is None:
        return None
    if isinstance(value, bool):
        raise Rejected("A value is a number, not true or false.")
    words = str(value).strip()
    if words.lower() in NOTHING:
        return None
    try:
        number = float(words)
    except ValueError:
        raise Rejected(
            "“{words}” is no number. Send a number, or NA where there is none.",
            words=words[:LONGEST],
        ) from None
    if math.isinf(number):
        raise Rejected("“{words}” is no number. Send a number, or NA where there is none.",
                       words=words[:LONGEST])  # fmt: skip
    return None if str(number).lower() in NOTHING else number


def moment(words: object, *, now: datetime) -> datetime:
    """Read a moment in ISO 8601 with its zone. Raises Rejected for any other."""
    try:
        at = datetime.fromisoformat(str(words).strip())
    except ValueError:
        raise Rejected(
            "“{words}” is no time. Write it like 2026-07-01T08:00:00+08:00.",
            words=str(words)[:LONGEST],
        ) from None
    if at.tzinfo is None:
        raise Rejected(
            "The time {words} does not say its zone. Write +08:00 or Z behind it.",
            words=str(words)[:LONGEST],
        )
    return possible(at.astimezone(UTC), now=now)


def possible(at: datetime, *, now: datetime) -> datetime:
    """Refuse a moment that no station can mean."""
    if not EARLIEST <= at <= now + LATEST:
        raise Rejected(
            "The time {at} cannot be. Set the station's clock.", at=at.isoformat(timespec="seconds")
        )
    return at
