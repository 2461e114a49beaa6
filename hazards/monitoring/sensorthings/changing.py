"""What is written at an address: a new thing there, a change of one, or its end."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import exists, func, select, text

from gis.errors import Conflict, Missing, Rejected
from hazards.monitoring import feeds, service, words
from hazards.monitoring.models import Datastream, MonitoringPoint, Reading
from hazards.monitoring.sensorthings.addresses import Address, Step
from hazards.monitoring.sensorthings.shapes import (
    LocationIn,
    ObservationIn,
    PropertyIn,
    SensorIn,
    Shape,
    StreamIn,
    ThingIn,
    read,
)
from hazards.monitoring.sensorthings.writing import Writer
from hazards.monitoring.service import Sent

Made = tuple[str, int]
"""The set that something new stands in, and its number there."""
NUMBERS = text("""
    SELECT found.number
    FROM json_to_recordset(CAST(:asked AS json))
        AS a(n integer, stream bigint, at timestamptz, value float8)
    CROSS JOIN LATERAL (
        SELECT r.number FROM reading r WHERE r.stream = a.stream AND r.observed_at = a.at
            AND r.observed_at BETWEEN :first AND :last
        ORDER BY r.value IS NOT DISTINCT FROM a.value DESC, r.number DESC LIMIT 1
    ) AS found
    ORDER BY a.n
""")
NOT_BY_ITSELF = "This is not written by itself here: it follows from the station and its readings."
FEATURE = "The FeatureOfInterest here is the ground at the station. Leave it out."
KEEPS = "What has readings is kept, and a reading is never removed: what came can be judged again."


def create(writer: Writer, address: Address, told: object) -> Made:
    """Make something new in the set at an address."""
    owner, last = _owner(address), address.steps[-1]
    if last.id is not None or not isinstance(told, dict):
        raise Rejected("Send one new thing as a JSON object to the address of a set.")
    if last.name == "Things" and owner is None:
        return "Things", _thing(writer, read(ThingIn, told))
    if last.name == "Datastreams":
        return "Datastreams", _stream(writer, read(StreamIn, _linked(told, owner, "Things")))
    if last.name == "Observations":
        said = read(ObservationIn, _linked(told, owner, "Datastreams"))
        return "Observations", _observation(writer, said)
    if last.name == "Locations":
        return "Locations", _location(writer, told, owner)
    if last.name == "Sensors" and owner is None:
        return "Sensors", writer.sensor(read(SensorIn, told)) or 0
    if last.name == "ObservedProperties" and owner is None:
        return "ObservedProperties", writer.property(read(PropertyIn, told)).number
    raise Rejected(NOT_BY_ITSELF)


def _owner(address: Address) -> Step | None:
    if len(address.steps) > 2 or address.ref or address.value:
        raise Rejected("Send one new thing as a JSON object to the address of a set.")
    return address.steps[0] if len(address.steps) == 2 else None


def _linked(told: dict[str, Any], owner: Step | None, plural: str) -> dict[str, Any]:
    """Put what an address says of the owner into what is told."""
    if owner is None:
        return told
    if owner.name != plural or owner.id is None:
        raise Rejected("Send one new thing as a JSON object to the address of a set.")
    return told | {plural.removesuffix("s"): {"@iot.id": owner.id}}


def _thing(writer: Writer, told: ThingIn) -> int:
    point = writer.thing(told)
    for one in told.streams:
        stream = writer.stream(one, point)
        _observations(writer, [(stream, said) for said in one.observations], point)
    return point.number


def _stream(writer: Writer, told: StreamIn) -> int:
    stream = writer.stream(told)
    _, point = writer.owned_stream(stream.number)
    _observations(writer, [(stream, said) for said in told.observations], point)
    return stream.number


def _location(writer: Writer, told: dict[str, Any], owner: Step | None) -> int:
    things = [{"@iot.id": owner.id}] if owner and owner.name == "Things" else told.get("Things")
    stations = read(list[Shape], things or [])
    if len(stations) != 1:
        raise Rejected(
            "A Location is of one Thing: name it in Things, or send it within its Thing."
        )
    return writer.move(writer.owned_point(stations[0].id), read(LocationIn, told)).number


def _observation(writer: Writer, told: ObservationIn) -> int:
    if told.stream is None or told.stream.id is None:
        raise Rejected("An Observation names its Datastream by its @iot.id.")
    stream, point = writer.owned_stream(told.stream.id)
    if told.feature is not None and told.feature.id not in {None, point.number}:
        raise Rejected(FEATURE)
    return _observations(writer, [(stream, told)], point)[0]


def observation(address: Address, told: object) -> ObservationIn:
    """Read an Observation that is told to a set's address, to be kept with others."""
    if address.steps[-1].name != "Observations" or not isinstance(told, dict):
        raise Rejected(NOT_BY_ITSELF)
    said: ObservationIn = read(ObservationIn, _linked(told, _owner(address), "Datastreams"))
    return said


def _observations(
    writer: Writer, told: Sequence[tuple[Datastream, ObservationIn]], point: MonitoringPoint
) -> list[int]:
    """Keep readings by the rule of every way in; the first that is refused refuses all."""
    sent = [_sent(writer, stream, point, one) for stream, one in told]
    for problem in take(writer, [one for one, _, _ in sent]).values():
        raise problem
    return numbers_of(writer, sent)


def _sent(
    writer: Writer, stream: Datastream, point: MonitoringPoint, told: ObservationIn
) -> tuple[Sent, int, datetime]:
    said = told.phenomenon_time
    # What fell within a span is told at its end.
    at = words.moment(said.rsplit("/", 1)[-1], now=writer.now) if said else writer.now
    name = "/".join(part for part in (point.code, stream.property, stream.channel) if part)
    return Sent(name, at, told.result), stream.number, at


def take(writer: Writer, sent: list[Sent]) -> Mapping[int, Rejected]:
    """Keep readings within the feed's pace; give what was refused."""
    feed, now = writer.feed, writer.now
    feeds.keep_pace(feed, len(sent), now=now)
    area = feed.area_path
    taken = service.take(writer.session, sent, source=feed.source, area_path=area, now=now)
    feeds.note(feed, taken, now=now)
    return taken.refused


def numbers_of(writer: Writer, kept: Sequence[tuple[Sent, int, datetime]]) -> list[int]:
    """Give the numbers of readings that were kept, now or before, in their order."""
    if not kept:
        return []
    rows = [
        {"n": n, "stream": stream, "at": at, "value": words.number_of(one.value)}
        for n, (one, stream, at) in enumerate(kept)
    ]
    times = [at for _, _, at in kept]
    asked = {"asked": orjson.dumps(rows).decode(), "first": min(times), "last": max(times)}
    return list(writer.session.scalars(NUMBERS, asked))


def change(writer: Writer, address: Address, told: dict[str, Any]) -> None:
    """Let one thing be as told."""
    step = _single(address)
    if step.name == "Things":
        writer.change_thing(writer.owned_point(step.id), read(ThingIn, told))
    elif step.name == "Datastreams":
        writer.change_stream(writer.owned_stream(step.id)[0], read(StreamIn, told))
    elif step.name == "Sensors":
        writer.change_sensor(step.id or 0, read(SensorIn, told))
    elif step.name == "Locations":
        writer.change_location(step.id or 0, read(LocationIn, told))
    elif step.name == "Observations":
        raise Conflict("A reading is kept as it came. Send what is right beside it.")
    else:
        raise Rejected(NOT_BY_ITSELF)


def remove(writer: Writer, address: Address) -> None:
    """Remove what was taken in by mistake: something that has no readings yet."""
    step, session = _single(address), writer.session
    if step.name == "Things":
        point = writer.owned_point(step.id)
        mine = select(Datastream.number).where(Datastream.point_id == point.id)
        if session.scalar(select(exists().where(Reading.stream.in_(mine)))):
            raise Conflict(KEEPS)
        session.delete(point)
    elif step.name == "Datastreams":
        stream, _ = writer.owned_stream(step.id)
        if session.scalar(select(exists().where(Reading.stream == stream.number))):
            raise Conflict(KEEPS)
        session.delete(stream)
    elif step.name == "Sensors":
        sensor = writer.owned_sensor(step.id or 0)
        used = select(func.count()).where(Datastream.sensor == sensor.number)
        if session.scalar(used):
            raise Conflict("Streams measure by this sensor. Give them another first.")
        session.delete(sensor)
    else:
        raise Conflict(KEEPS)


def _single(address: Address) -> Step:
    if len(address.steps) != 1 or address.steps[0].id is None or address.ref or address.value:
        raise Missing("There is nothing at this address.")
    return address.steps[0]
