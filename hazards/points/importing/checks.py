"""What only the whole file, the map and the ledger together can show to be wrong."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis import shift
from gis.areas.placing import Paths, Placer
from gis.authority import within
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
        FROM (SELECT source, array_agg(number) AS numbers FROM staged GROUP BY source) AS asked,
             numbers_taken_elsewhere(asked.source, asked.numbers) AS taken (number))
""")
CLAIMED = text("""
    SELECT longitude, latitude, district FROM staged WHERE district IS NOT NULL LIMIT 20000
""")
"""Points with the district their row claims; a part of a long file shows a shift as well."""

DELISTED = text("""
    SELECT line, staged.number FROM staged JOIN hazard_point AS point
      ON point.source = staged.source AND point.number = staged.number
    WHERE point.state = 'delisted'
""")


MOST_CLAIMS = 20_000
Claims = list[tuple[float, float, str]]
"""Places with the district their row says they are in."""


def not_shifted(session: Session, placer: Placer, away: Claims) -> None:
    """Stop the whole file if its points fit the districts they claim only after a shift.

    `away` are claims of rows refused for lying elsewhere: a shift is what brings them there.
    """
    known = {placer.names[path]: outline for path, outline in placer.outlines.items()}
    claimed = [*((row[0], row[1], row[2]) for row in session.execute(CLAIMED)), *away]
    if not claimed:
        return
    longitudes, latitudes, names = zip(*claimed, strict=True)
    measured = shift.of_points(np.array(longitudes), np.array(latitudes), names, known)
    if measured is not None:
        raise measured.refusal()


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


def placed(
    rows: pa.Table, placer: Placer, *, mine: str, away: Claims
) -> tuple[pa.Table, list[Refused]]:
    """Add each row's area; refuse what lies in none, or in somebody else's."""
    longitudes, latitudes = rows["longitude"].to_numpy(), rows["latitude"].to_numpy()
    paths = placer.paths(longitudes, latitudes)
    lines = rows["line"].to_numpy()
    districts = rows["district"].to_pylist() if "district" in rows.column_names else None
    refused = []
    for row in outside(paths, mine):
        if districts and districts[row] and len(away) < MOST_CLAIMS:
            away.append((float(longitudes[row]), float(latitudes[row]), str(districts[row])))
        where = f"{longitudes[row]:.6f}, {latitudes[row]:.6f}"
        refused.append(Refused(int(lines[row]), reason_outside(paths[row], placer), "", where))
    return rows.append_column("area_path", pa.array(paths, pa.string())), refused


def outside(paths: Paths, mine: str) -> Iterator[int]:
    """Give the rows that lie outside an area."""
    # A path is one object for all its rows: each is looked at once, not 250,000 times.
    away = {path for path in set(paths.tolist()) if path is None or not within(path, mine)}
    if away:
        yield from (n for n, path in enumerate(paths) if path in away)


def reason_outside(path: str | None, placer: Placer) -> Rejected:
    """Say where the place lies instead."""
    if path is None:
        return Rejected(
            "No known area covers this place. Check the numbers and the coordinate system."
        )
    return Rejected(
        "This place lies in {area}, outside your area. Let them bring it in.",
        area=placer.names[path],
    )


def against_the_ledger(session: Session, plan: Plan) -> list[Refused]:
    """Refuse numbers that the ledger has where this file cannot change them."""
    column = heading(plan, "number")
    taken = Rejected("This number belongs to a point outside your area. Check the number.")
    gone = Rejected("This point was de-listed. Leave the row out, or give it a new number.")
    found = [Refused(line, taken, column, number) for line, number in session.execute(TAKEN)]
    found += [Refused(line, gone, column, number) for line, number in session.execute(DELISTED)]
    return take_out(session, found)
