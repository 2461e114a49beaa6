"""Rows of an import get their area; a file that lies beside its districts is stopped."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from gis import shift
from gis.areas.placing import Paths, Placer, missing
from gis.authority import within
from gis.errors import Rejected
from gis.exchange.table import Refused

LINES = ("LineString", "MultiLineString")
CLAIM = "district"
"""The field by which a list says where its rows lie, and a shift is found out."""
MOST_CLAIMS = 20_000
"""A part of a long file shows a shift as well."""
Claims = list[tuple[float, float, str]]
"""Places with the district their row says they are in."""


def claimed(rows: pa.Table, *, most: int) -> Claims:
    """Give what the first of some good rows claim."""
    if CLAIM not in rows.column_names:
        return []
    said = rows.filter(pc.is_valid(rows[CLAIM])).slice(0, most)
    columns = (said[name].to_pylist() for name in ("longitude", "latitude", CLAIM))
    return list(zip(*columns, strict=True))


def not_shifted(claims: Claims, placer: Placer, *, mine: str) -> None:
    """Stop the whole file if its points fit the areas they claim only after a shift.

    Rows refused for lying elsewhere have their say: a shift is what brings them there. Of two
    areas with one name the one that lies in mine is meant.
    """
    outlines = sorted(placer.outlines.items(), key=lambda one: within(one[0], mine))
    known = {placer.names[path]: outline for path, outline in outlines}
    if not claims:
        return
    longitudes, latitudes, names = zip(*claims, strict=True)
    measured = shift.of_points(np.array(longitudes), np.array(latitudes), names, known)
    if measured is not None:
        raise measured.refusal()


Standing = Callable[[Mapping[str, Any]], str | None]
"""Tells the area of a row that the ledger has already, at this very place."""


def placed(
    rows: pa.Table,
    placer: Placer,
    *,
    mine: str,
    away: Claims,
    standing: Standing = lambda _: None,
) -> tuple[pa.Table, list[Refused]]:
    """Add each row's area; refuse what lies in none, or in somebody else's.

    A line lies where its middle does, or, where that is outside, the part of it nearest to there.
    What lies in none and is known to stand there stays where it was.
    """
    longitudes, latitudes = rows["longitude"].to_numpy(), rows["latitude"].to_numpy()
    paths = placer.paths(longitudes, latitudes)
    for row in np.flatnonzero(missing(paths)).tolist():
        (said,) = rows.slice(row, 1).to_pylist()
        paths[row] = along(said["extent"], placer) or standing(said)
    lines = rows["line"].to_numpy()
    districts = rows[CLAIM].to_pylist() if CLAIM in rows.column_names else None
    refused = []
    for row in outside(paths, mine):
        if districts and districts[row] and len(away) < MOST_CLAIMS:
            away.append((float(longitudes[row]), float(latitudes[row]), str(districts[row])))
        where = f"{longitudes[row]:.6f}, {latitudes[row]:.6f}"
        refused.append(Refused(int(lines[row]), reason_outside(paths[row], placer), "", where))
    return rows.append_column("area_path", pa.array(paths, pa.string())), refused


def along(extent: str | None, placer: Placer) -> str | None:
    """Give the area in which a row's line is nearest to its middle."""
    line = shapely.from_wkb(extent) if extent else None
    return placer.path_along(line) if line is not None and line.geom_type in LINES else None


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
