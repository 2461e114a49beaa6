"""SQL of readings: whole batches as sets; what a stream had said before is asked in one go."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from hazards.monitoring.rules import UNBELIEVED, Judged, Limits, Tail

# In the order of their numbers: two batches with the same streams wait for each other, in line.
# The area is asked of each stream found (coalesce), never of its index: while a new list of
# 50,000 stations was not yet analysed, that index was read whole for each of 5,000 names, 4 s.
STREAMS = text("""
    SELECT d.number, concat_ws('/', p.code, d.property, nullif(d.channel, '')) AS name,
        d.interval_s, d.last_at, d.last_value, d.same_since, d.doubted,
        o.units, o.adds, o.least, o.most, o.jump, o.stuck_h
    FROM monitoring_point p JOIN datastream d ON d.point_id = p.id
    JOIN observed_property o ON o.code = d.property
    WHERE p.source = :source AND p.code = ANY(:codes)
        AND starts_with(coalesce(d.area_path, ''), :area_path)
    ORDER BY d.number FOR NO KEY UPDATE OF d
""")
KNOWN = text("""
    SELECT r.stream, r.observed_at, r.value
    FROM unnest(CAST(:streams AS bigint[]), CAST(:moments AS timestamptz[])) AS a(stream, at)
    JOIN reading r ON r.stream = a.stream AND r.observed_at = a.at
    WHERE r.observed_at BETWEEN :first AND :last
        AND r.value IS NOT NULL AND r.flags & :unbelieved = 0
""")
MONTHS = text("SELECT reading_month(m) FROM unnest(CAST(:months AS date[])) AS m")
# One statement: readings, each once, and beside them where each stream stands now. As JSON, since
# it is written and read quicker than arrays of moments.
KEEP = text("""
    WITH moved AS (
        UPDATE datastream d SET last_at = a.at, last_value = a.value, same_since = a.since,
            doubted = a.doubted, heard_at = :now, first_at = least(d.first_at, a.first)
        FROM json_to_recordset(CAST(:tails AS json)) AS a(stream bigint, at timestamptz,
            value float8, since timestamptz, doubted float8, first timestamptz)
        WHERE d.number = a.stream
    )
    INSERT INTO reading (stream, observed_at, value, flags, received_at, said)
    SELECT stream, at, value, flags, :now, said
    FROM json_to_recordset(CAST(:rows AS json)) AS a(stream bigint, at timestamptz, value float8,
        flags smallint, said text)
    ON CONFLICT DO NOTHING
""")


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream that readings go to, with what is needed to judge them."""

    number: int
    name: str
    interval: timedelta
    units: Mapping[str, float]
    limits: Limits
    tail: Tail | None


def held(
    session: Session, *, source: str, names: Collection[str], area_path: str
) -> dict[str, Stream]:
    """Find the streams of a source by name and hold them until the commit."""
    parts = {name: name.split("/") for name in names}
    codes = {"/".join(words[:end]) for words in parts.values() for end in range(1, len(words))}
    asked = {"source": source, "codes": sorted(codes), "area_path": area_path}
    return {row.name: _stream(row) for row in session.execute(STREAMS, asked) if row.name in parts}


def _stream(row: Row[Any]) -> Stream:
    stuck = None if row.stuck_h is None else timedelta(hours=row.stuck_h)
    return Stream(
        number=row.number,
        name=row.name,
        interval=timedelta(seconds=row.interval_s),
        units=row.units,
        limits=Limits(row.adds, row.least, row.most, row.jump, stuck),
        tail=None if row.last_at is None
        else Tail(row.last_at, row.last_value, row.same_since, row.doubted),
    )  # fmt: skip


def known(
    session: Session, moments: Mapping[int, Sequence[datetime]]
) -> dict[int, dict[datetime, float]]:
    """Give what is believed already about these moments, stream by stream."""
    pairs = [(stream, at) for stream, them in moments.items() for at in them]
    found: dict[int, dict[datetime, float]] = {stream: {} for stream in moments}
    if not pairs:
        return found
    # As arrays, whose length the planner knows: years of days are joined, not looked up one by one.
    streams, times = zip(*pairs, strict=True)
    asked = {
        "streams": list(streams),
        "moments": list(times),
        "first": min(times),
        "last": max(times),
        "unbelieved": int(UNBELIEVED),
    }
    for stream, at, value in session.execute(KNOWN, asked):
        found[stream][at] = value
    return found


def keep(
    session: Session,
    judged: Sequence[tuple[int, Judged]],
    tails: Mapping[int, Tail | None],
    *,
    now: datetime,
) -> int:
    """Write readings, each once, and the last one of each stream; tell how many were new."""
    if not judged:
        return 0
    months = {one.said.at.date().replace(day=1) for _, one in judged}
    session.execute(MONTHS, {"months": sorted(months)})
    first: dict[int, datetime] = {}
    for stream, one in judged:
        first[stream] = min(first.get(stream, one.said.at), one.said.at)
    rows = [
        {"stream": stream, "at": one.said.at, "value": one.said.value, "flags": int(one.flags),
         "said": one.said.words}
        for stream, one in judged
    ]  # fmt: skip
    stand = [_standing(stream, tail) | {"first": first[stream]} for stream, tail in tails.items()]
    asked = {"rows": _json(rows), "tails": _json(stand), "now": now}
    made: int = session.execute(KEEP, asked).rowcount  # type: ignore[attr-defined]  # a cursor's result
    return made


def _standing(stream: int, tail: Tail | None) -> dict[str, Any]:
    if tail is None:
        return {"stream": stream}
    told = {"at": tail.at, "value": tail.value, "since": tail.since, "doubted": tail.doubted}
    return {"stream": stream} | told


def _json(rows: Sequence[Mapping[str, Any]]) -> str:
    return orjson.dumps(rows).decode()
