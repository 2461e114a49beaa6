"""SQL of readings: whole batches as sets; what a stream had said before is asked in one go."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from hazards.monitoring.rules import UNBELIEVED, Judged, Limits, Tail

# In the order of their numbers: two batches with the same streams wait for each other, in line.
STREAMS = text("""
    SELECT d.number, concat_ws('/', p.code, d.property, nullif(d.channel, '')) AS name,
        d.interval_s, d.last_at, d.last_value, d.same_since, d.doubted,
        o.units, o.adds, o.least, o.most, o.jump, o.stuck_h
    FROM monitoring_point p JOIN datastream d ON d.point_id = p.id
    JOIN observed_property o ON o.code = d.property
    WHERE p.source = :source AND p.code = ANY(:codes) AND starts_with(d.area_path, :area_path)
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
KEEP = text("""
    INSERT INTO reading (stream, observed_at, value, flags, received_at, said)
    SELECT stream, at, value, flags, :now, said
    FROM unnest(CAST(:streams AS bigint[]), CAST(:moments AS timestamptz[]),
        CAST(:values AS float8[]), CAST(:flags AS smallint[]), CAST(:said AS text[]))
        AS a(stream, at, value, flags, said)
    ON CONFLICT DO NOTHING
""")
ADVANCE = text("""
    UPDATE datastream d SET last_at = a.at, last_value = a.value, same_since = a.since,
        doubted = a.doubted, heard_at = :now, first_at = least(d.first_at, a.first)
    FROM unnest(CAST(:streams AS bigint[]), CAST(:moments AS timestamptz[]),
        CAST(:values AS float8[]), CAST(:since AS timestamptz[]), CAST(:doubted AS float8[]),
        CAST(:first AS timestamptz[])) AS a(stream, at, value, since, doubted, first)
    WHERE d.number = a.stream
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


def keep(session: Session, judged: Sequence[tuple[int, Judged]], *, now: datetime) -> int:
    """Write readings, each once; tell how many were new."""
    if not judged:
        return 0
    months = {one.said.at.date().replace(day=1) for _, one in judged}
    session.execute(MONTHS, {"months": sorted(months)})
    rows = {
        "streams": [stream for stream, _ in judged],
        "moments": [one.said.at for _, one in judged],
        "values": [one.said.value for _, one in judged],
        "flags": [int(one.flags) for _, one in judged],
        "said": [one.said.words for _, one in judged],
        "now": now,
    }
    made: int = session.execute(KEEP, rows).rowcount  # type: ignore[attr-defined]  # a cursor's result
    return made


def advance(
    session: Session,
    tails: Mapping[int, Tail | None],
    first: Mapping[int, datetime],
    *,
    now: datetime,
) -> None:
    """Note the last reading of each stream and its first, and that all of them were heard."""
    rows = {
        "streams": list(tails),
        "moments": [tail and tail.at for tail in tails.values()],
        "values": [tail and tail.value for tail in tails.values()],
        "since": [tail and tail.since for tail in tails.values()],
        "doubted": [tail and tail.doubted for tail in tails.values()],
        "first": [first[stream] for stream in tails],
        "now": now,
    }
    session.execute(ADVANCE, rows)
