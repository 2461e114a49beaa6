"""Many readings at once, as SensorThings' data array extension tells them; in, and out again.

Thousands of streams are looked up by one question, and their readings are kept by one statement.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import BigInteger

from gis.errors import Forbidden, Missing, PlatformError, Rejected
from hazards.monitoring import words
from hazards.monitoring.models import Datastream, Feed, MonitoringPoint
from hazards.monitoring.sensorthings.changing import FEATURE, numbers_of, take
from hazards.monitoring.sensorthings.shapes import MOST_AT_ONCE, DataArrayIn, ObservationIn, read
from hazards.monitoring.sensorthings.writing import NOT_YOURS, WRONG_LINK, Writer
from hazards.monitoring.service import Sent

TIME, RESULT, GROUND = "phenomenonTime", "result", "FeatureOfInterest/id"
Kept = tuple[Sent, int, datetime]
Streams = Mapping[int, Row[Any]]


def create_many(writer: Writer, told: object) -> list[int | PlatformError]:
    """Keep many readings of several streams, each for itself: its number, or why not."""
    arrays: list[DataArrayIn] = read(list[DataArrayIn], told)
    if sum(len(array.rows) for array in arrays) > MOST_AT_ONCE:
        raise Rejected("Send at most {most} readings at once. Nothing was kept.",
                       most=MOST_AT_ONCE)  # fmt: skip
    found = streams(writer.session, writer.feed, {one.stream.id for one in arrays})
    answers: list[int | PlatformError] = []
    batch: list[tuple[int, Kept]] = []
    for array in arrays:
        for row in array.rows:
            try:
                batch.append((len(answers), _reading(writer, found, array, row)))
                answers.append(0)
            except PlatformError as problem:
                answers.append(problem)
    refused = take(writer, [sent for _, (sent, _, _) in batch])
    kept = [one for n, (_, one) in enumerate(batch) if n not in refused]
    numbers = iter(numbers_of(writer, kept))
    for n, (place, _) in enumerate(batch):
        answers[place] = refused[n] if n in refused else next(numbers)
    return answers


def streams(session: Session, feed: Feed, asked: AbstractSet[int | None]) -> Streams:
    """Look all streams up that are in the feed's area, with what readings of each are named by."""
    meant = sorted(number for number in asked if number is not None)
    if not meant:
        return {}
    d, p = Datastream, MonitoringPoint
    name = func.concat_ws("/", p.code, d.property, func.nullif(d.channel, ""))
    query = select(d.number, name.label("name"), p.source, p.number.label("ground")).join(
        p, p.id == d.point_id
    )
    numbers = func.unnest(literal(meant, ARRAY(BigInteger)))
    inside = func.starts_with(p.area_path, feed.area_path)
    rows = session.execute(query.where(d.number.in_(select(numbers)), inside))
    return {row.number: row for row in rows}


def as_sent(writer: Writer, found: Streams, told: ObservationIn) -> Sent:
    """Give an Observation as a reading of one of the streams that were looked up."""
    stream = _owned(writer, found, told.stream.id if told.stream else None)
    at = _moment(told.phenomenon_time, now=writer.now)
    return Sent(stream.name, at, told.result)


def _owned(writer: Writer, found: Streams, number: int | None) -> Row[Any]:
    stream = found.get(number or 0)
    if stream is None:
        raise Missing(WRONG_LINK, kind="Datastream", id=number)
    if stream.source != writer.feed.source:
        raise Forbidden(NOT_YOURS)
    return stream


def _moment(said: object, *, now: datetime) -> datetime:
    # What fell within a span is told at its end.
    return now if said is None else words.moment(str(said).rsplit("/", 1)[-1], now=now)


def _reading(writer: Writer, found: Streams, array: DataArrayIn, row: Sequence[Any]) -> Kept:
    stream = _owned(writer, found, array.stream.id)
    if RESULT not in array.components:
        raise Rejected("Name result among the components: without it a row says nothing.")
    if len(row) != len(array.components):
        raise Rejected("A row has as many parts as there are components: {count}.",
                       count=len(array.components))  # fmt: skip
    said = dict(zip(array.components, row, strict=True))
    if said.get(GROUND) not in (None, stream.ground):
        raise Rejected(FEATURE)
    at = _moment(said.get(TIME), now=writer.now)
    return Sent(stream.name, at, said.get(RESULT)), stream.number, at


def told(
    rows: Sequence[Row[Any]], made: Sequence[Mapping[str, Any]], root: str
) -> list[dict[str, Any]]:
    """Tell Observations as arrays: one for each stream, in the order in which they came."""
    both = zip(rows, made, strict=True)
    return [_array(stream, [one for _, one in them], root)
            for stream, them in groupby(both, key=lambda pair: pair[0].stream)]  # fmt: skip


def _array(stream: int, made: Sequence[Mapping[str, Any]], root: str) -> dict[str, Any]:
    names = [name for name in made[0] if "@" not in name]
    return {
        "Datastream@iot.navigationLink": f"{root}/Datastreams({stream})",
        "components": ["id", *names],
        "dataArray@iot.count": len(made),
        "dataArray": [[one["@iot.id"], *(one[name] for name in names)] for one in made],
    }
