"""What only the whole file, the map and the ledger together can show to be wrong."""

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
FRAIL = text("""
    SELECT line, threatened_frail, coalesce(threatened_persons, 0) FROM staged
    WHERE threatened_frail > coalesce(threatened_persons, 0)
""")
NOWHERE = text("""
    SELECT line, longitude, latitude FROM staged
    WHERE NOT EXISTS (SELECT FROM staged_area WHERE staged_area.line = staged.line)
""")
ELSEWHERE = text("""
    SELECT staged.line, longitude, latitude,
           (SELECT area.name FROM area WHERE area.path = staged_area.path LIMIT 1)
    FROM staged JOIN staged_area USING (line)
    WHERE NOT starts_with(staged_area.path, :mine)
""")
TAKEN = text("""
    SELECT line, number FROM staged WHERE (source, number) IN (
        SELECT asked.source, taken.number
        FROM (SELECT source, array_agg(number) AS numbers FROM staged GROUP BY source) AS asked,
             numbers_taken_elsewhere(asked.source, asked.numbers) AS taken (number))
""")
DELISTED = text("""
    SELECT line, staged.number FROM staged JOIN hazard_point AS point
      ON point.source = staged.source AND point.number = staged.number
    WHERE point.state = 'delisted'
""")


def take_out(session: Session, refused: list[Refused]) -> list[Refused]:
    """Take refused rows out of the temporary table."""
    if refused:
        staging.drop_lines(session, STAGED, {one.line for one in refused})
    return refused


def within_the_file(session: Session, plan: Plan) -> list[Refused]:
    """Refuse rows that contradict themselves or each other."""
    return take_out(session, [*twice(session, plan), *too_frail(session, plan)])


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


def on_the_map(session: Session, *, mine: str) -> list[Refused]:
    """Refuse what lies in no area, or in somebody else's. `staged_area` must be filled."""
    return take_out(session, [*nowhere(session), *elsewhere(session, mine)])


def nowhere(session: Session) -> Iterator[Refused]:
    """Refuse places outside all known areas."""
    for line, lon, lat in session.execute(NOWHERE):
        reason = Rejected(
            "No known area covers this place. Check the numbers and the coordinate system."
        )
        yield Refused(line, reason, "", f"{lon:.6f}, {lat:.6f}")


def elsewhere(session: Session, mine: str) -> Iterator[Refused]:
    """Refuse places outside the area of whoever brings the file."""
    for line, lon, lat, name in session.execute(ELSEWHERE, {"mine": mine}):
        reason = Rejected(
            "This place lies in {area}, outside your area. Let them bring it in.", area=name
        )
        yield Refused(line, reason, "", f"{lon:.6f}, {lat:.6f}")


def against_the_ledger(session: Session, plan: Plan) -> list[Refused]:
    """Refuse numbers that the ledger has where this file cannot change them."""
    column = heading(plan, "number")
    taken = Rejected("This number belongs to a point outside your area. Check the number.")
    gone = Rejected("This point was de-listed. Leave the row out, or give it a new number.")
    found = [Refused(line, taken, column, number) for line, number in session.execute(TAKEN)]
    found += [Refused(line, gone, column, number) for line, number in session.execute(DELISTED)]
    return take_out(session, found)


def heading(plan: Plan, field: str) -> str:
    """Give the file's own name of a column."""
    return next((pair.column for pair in plan.pairs if pair.field.name == field), field)
