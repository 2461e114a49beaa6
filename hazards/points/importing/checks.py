"""What only the whole file, the map and the ledger together can show to be wrong."""

from collections.abc import Iterator

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.errors import Rejected
from gis.exchange.importing.checks import heading, take_out, twice
from gis.exchange.importing.engine import Plan
from gis.exchange.table import Refused

FRAIL = text("""
    SELECT line, threatened_frail, coalesce(threatened_persons, 0) FROM staged
    WHERE threatened_frail > coalesce(threatened_persons, 0)
""")
TAKEN = text("""
    SELECT line, number FROM staged WHERE (source, number) IN (
        SELECT asked.source, taken.number
        FROM (SELECT source, array_agg(number) AS numbers FROM staged
              WHERE scope_path() <> '/' GROUP BY source) AS asked,
             numbers_taken_elsewhere(asked.source, asked.numbers) AS taken (number))
""")
"""Whoever sees everything need not look elsewhere."""
DELISTED = text("""
    SELECT line, staged.number FROM staged JOIN hazard_point AS point
      ON point.source = staged.source AND point.number = staged.number
    WHERE point.state = 'delisted'
""")


def within_the_file(session: Session, plan: Plan) -> list[Refused]:
    """Refuse rows that contradict themselves or each other."""
    return take_out(session, [*twice(session, plan), *too_frail(session, plan)])


def too_frail(session: Session, plan: Plan) -> Iterator[Refused]:
    """Refuse more frail persons than persons."""
    if "threatened_frail" not in plan.mapped:
        return
    for line, frail, persons in session.execute(FRAIL):
        reason = Rejected(
            "{frail} frail persons are more than the {persons} threatened persons."
            " Count the frail among the threatened.",
            frail=frail,
            persons=persons,
        )
        yield Refused(line, reason, heading(plan, "threatened_frail"), str(frail))


def against_the_ledger(session: Session, plan: Plan) -> list[Refused]:
    """Refuse numbers that the ledger has where this file cannot change them."""
    column = heading(plan, "number")
    taken = Rejected("This number belongs to a point outside your area. Check the number.")
    gone = Rejected("This point was de-listed. Leave the row out, or give it a new number.")
    found = [Refused(line, taken, column, number) for line, number in session.execute(TAKEN)]
    found += [Refused(line, gone, column, number) for line, number in session.execute(DELISTED)]
    return take_out(session, found)
