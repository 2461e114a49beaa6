"""Checks every ledger needs once all rows are in: a row's name (source, number) comes once."""

from collections.abc import Iterator

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.errors import Rejected
from gis.exchange.importing import staging
from gis.exchange.importing.engine import STAGED, Plan
from gis.exchange.table import Refused

TWICE = text("""
    SELECT line, number, first_line, rank FROM (
        SELECT line, number, min(line) OVER same AS first_line,
               row_number() OVER (PARTITION BY source, number ORDER BY line) AS rank
        FROM staged WHERE (source, number) IN (
            SELECT source, number FROM staged GROUP BY source, number HAVING count(*) > 1)
        WINDOW same AS (PARTITION BY source, number)
    ) AS several
    ORDER BY line
""")


# Rows of one thing, told apart by what else they say: name, keeper and place are the thing's own.
UNLIKE = text("""
    SELECT line, number, first_line FROM (
        SELECT line, number, min(line) OVER same AS first_line,
            (name, address, keeper, keeper_phone, longitude, latitude)
                IS DISTINCT FROM first_value((name, address, keeper, keeper_phone, longitude,
                    latitude)) OVER (same ORDER BY line) AS unlike
        FROM staged WINDOW same AS (PARTITION BY source, number)
    ) AS several WHERE unlike
""")


def take_out(session: Session, refused: list[Refused]) -> list[Refused]:
    """Take refused rows out of the temporary table."""
    if refused:
        staging.drop_lines(session, STAGED, {one.line for one in refused})
    return refused


def twice(session: Session, plan: Plan) -> Iterator[Refused]:
    """Refuse every row of a number that comes twice: nobody knows which one is right."""
    for line, number, first, rank in session.execute(TWICE):
        if rank == 1:
            reason = Rejected("{number} comes again further down. Keep one row.", number=number)
        else:
            reason = Rejected(
                "{number} stands on line {first} already. Keep one row.", number=number, first=first
            )
        yield Refused(line, reason, heading(plan, "number"), number)


def unlike(session: Session, plan: Plan) -> Iterator[Refused]:
    """Refuse rows that say something else of a thing than its first row does."""
    for line, number, first in session.execute(UNLIKE):
        reason = Rejected(
            "{number} has another name, keeper or place on line {first}. Say the same on both.",
            number=number,
            first=first,
        )
        yield Refused(line, reason, heading(plan, "number"), number)


def heading(plan: Plan, field: str) -> str:
    """Give the file's own name of a column."""
    return next((pair.column for pair in plan.pairs if pair.field.name == field), field)
