"""Rows of an import get their area; a file that lies beside its districts is stopped."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis import shift
from gis.areas.placing import Paths, Placer
from gis.authority import within
from gis.errors import Rejected
from gis.exchange.table import Refused

CLAIMED = text("""
    SELECT longitude, latitude, district FROM staged WHERE district IS NOT NULL LIMIT 20000
""")
"""Points with the district their row claims; a part of a long file shows a shift as well."""

MOST_CLAIMS = 20_000
Claims = list[tuple[float, float, str]]
"""Places with the district their row says they are in."""


def not_shifted(session: Session, placer: Placer, away: Claims, *, mine: str) -> None:
    """Stop the whole file if its points fit the areas they claim only after a shift.

    `away` are claims of rows refused for lying elsewhere: a shift is what brings them there. Of
    two areas with one name the one that lies in mine is meant.
    """
    outlines = sorted(placer.outlines.items(), key=lambda one: within(one[0], mine))
    known = {placer.names[path]: outline for path, outline in outlines}
    claimed = [*((row[0], row[1], row[2]) for row in session.execute(CLAIMED)), *away]
    if not claimed:
        return
    longitudes, latitudes, names = zip(*claimed, strict=True)
    measured = shift.of_points(np.array(longitudes), np.array(latitudes), names, known)
    if measured is not None:
        raise measured.refusal()


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
