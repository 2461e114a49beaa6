"""Stations, streams and sensors written by the words of SensorThings, each by the feed it is of.

What a list of stations may change may be changed here, by the same rules of place and unit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

import orjson
from shapely import Point
from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from gis.areas import placing
from gis.errors import Conflict, Forbidden, Missing, Rejected
from gis.store import audit
from gis.store.notify import announce
from hazards.monitoring.models import (
    Datastream,
    Feed,
    MonitoringPoint,
    ObservedProperty,
    Sensor,
    StationPlace,
)
from hazards.monitoring.sensorthings.kinds import NOT_SAID
from hazards.monitoring.sensorthings.shapes import (
    LocationIn,
    PropertyIn,
    SensorIn,
    StreamIn,
    ThingIn,
)

TOPIC = "station"
OURS = frozenset({"source", "code", "synthetic"})
"""Properties of a Thing that stand in columns of their own."""
OF_STREAM = frozenset({"stream", "intervalSeconds", "trouble", "latest"})
USUAL_INTERVAL_S, LEAST_SILENT_S, WEEK_S = 3_600, 900, 7 * 24 * 3_600
NOT_YOURS = "This is not of your source, or lies outside your area."
WRONG_LINK = "There is no {kind} {id}, or it lies outside your area."


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes: a feed, in the SYSTEM scope, and when."""

    session: Session
    feed: Feed
    now: datetime

    def thing(self, told: ThingIn) -> MonitoringPoint:
        """Take a station in; without a place nobody could be warned by it."""
        if told.name is None or not told.locations:
            raise Rejected("A Thing has a name and, in Locations, the place where it stands.")
        code = str(told.properties.get("code") or f"sta-{uuid4().hex[:12]}")[:100]
        same = exists().where(MonitoringPoint.source == self.feed.source,
                              MonitoringPoint.code == code)  # fmt: skip
        if self.session.scalar(select(same)):
            raise Conflict("There is a station {code} of this source already.", code=code)
        place, path = self._placed(told.locations[0])
        point = MonitoringPoint(
            source=self.feed.source, code=code, name=told.name, address=told.description,
            place=place, area_path=path, keeper="", keeper_phone="",
            facts=_without(told.properties, OURS),
            synthetic=bool(told.properties.get("synthetic", False)),
        )  # fmt: skip
        self.session.add(point)
        self.session.flush()  # its streams need its id
        self._tell(point, "added")
        return point

    def change_thing(self, point: MonitoringPoint, told: ThingIn) -> None:
        """Change a station; with Locations it moves, and with it the area of its streams."""
        point.name = told.name or point.name
        point.address = told.description
        point.facts = _without(told.properties, OURS)
        if told.locations and told.locations[0].location:
            self.move(point, told.locations[0])
        else:
            self._tell(point, "changed")

    def move(self, point: MonitoringPoint, told: LocationIn) -> StationPlace:
        """Let a station stand elsewhere; where it stood before is kept."""
        place, path = self._placed(told)
        if place.equals(point.place):
            return self._here(point)
        point.place, point.area_path = place, path
        for stream in self.session.scalars(
            select(Datastream).where(Datastream.point_id == point.id)
        ):
            stream.area_path = point.area_path
        self.session.flush()  # the database keeps the place it had
        self._tell(point, "changed")
        return self._here(point)

    def change_location(self, number: int, told: LocationIn) -> None:
        """Let the station that stands here stand where it is told; it has a new Location then."""
        kept = self.session.get(StationPlace, number)
        if kept is None:
            raise Missing(WRONG_LINK, kind="Location", id=number)
        point = self.owned_point(kept.station)
        if kept.until is not None:
            raise Conflict("The station stands here no longer. Where it stood stays as it was.")
        if told.location is not None:
            self.move(point, told.model_copy(update={"id": None}))

    def _here(self, point: MonitoringPoint) -> StationPlace:
        here = StationPlace.station == point.number, StationPlace.until.is_(None)
        return self.session.scalars(select(StationPlace).where(*here)).one()

    def stream(self, told: StreamIn, point: MonitoringPoint | None = None) -> Datastream:
        """Take a stream in: of a known station, of a known property, in the unit that is kept."""
        if point is None:
            point = self.owned_point(told.thing.id if told.thing else None)
        observed = self.property(told.observed)
        _check_unit(told, observed)
        channel = str(told.properties.get("channel") or "")[:40]
        mine = Datastream.point_id == point.id, Datastream.property == observed.code
        taken = set(self.session.scalars(select(Datastream.channel).where(*mine)))
        if channel in taken:
            if "channel" in told.properties:
                raise Conflict("{number} has such a stream already. Give this one another channel.",
                               number=point.code)  # fmt: skip
            channel = next(c for n in range(2, 1_000) if (c := str(n)) not in taken)
        stream = Datastream(
            point_id=point.id, area_path=point.area_path, property=observed.code, channel=channel,
            sensor=self.sensor(told.sensor), **_paced(told), **_described(told),
        )  # fmt: skip
        self.session.add(stream)
        self.session.flush()  # its number is its name here
        self._tell(point, "changed")
        return stream

    def change_stream(self, stream: Datastream, told: StreamIn) -> None:
        """Change how a stream is described, its pace or its sensor; never what it measures."""
        observed = self.session.get_one(ObservedProperty, stream.property)
        if told.observed and self.property(told.observed) is not observed:
            raise Rejected("What a stream measures stays. Take another stream in for another.")
        _check_unit(told, observed)
        for name, value in (_paced(told, before=stream) | _described(told)).items():
            setattr(stream, name, value)
        if told.sensor:
            stream.sensor = self.sensor(told.sensor)

    def sensor(self, told: SensorIn | None) -> int | None:
        """Give the number of a sensor that is there, or take it in."""
        if told is None or told.id == NOT_SAID:
            return None
        if told.id is not None:
            return self.owned_sensor(told.id).number
        if told.name is None:
            raise Rejected("A Sensor has a name.")
        made = Sensor(area_path=self.feed.area_path, source=self.feed.source, **_sensor(told))
        self.session.add(made)
        self.session.flush()  # its number is its name here
        return made.number

    def change_sensor(self, number: int, told: SensorIn) -> None:
        """Describe a sensor anew."""
        kept = self.owned_sensor(number)
        for name, value in _sensor(told).items():
            setattr(kept, name, value if name != "name" else value or kept.name)

    def property(self, told: PropertyIn | None) -> ObservedProperty:
        """Give the property that is meant; what can be measured is the city's own table."""
        words = () if told is None else (told.name or "", told.definition.rsplit(":", 1)[-1])
        named = [*words, *(word.lower().replace(" ", "_") for word in words)]
        o = ObservedProperty
        meant = o.number == told.id if told and told.id is not None else or_(
            *(column.in_(named) for column in (o.code, o.name_zh, o.name_en))
        )  # fmt: skip
        found = self.session.scalars(select(o).where(meant).order_by(o.position)).first()
        if found is None:
            known = ", ".join(self.session.scalars(select(o.code).order_by(o.position)))
            raise Rejected("This ObservedProperty is not known here. Name one of: {known}.",
                           known=known)  # fmt: skip
        return found

    def owned_point(self, number: int | None) -> MonitoringPoint:
        """Give a station of this feed's source and area."""
        query = select(MonitoringPoint).where(MonitoringPoint.number == number)
        point = self.session.scalar(query)
        if point is None or not point.area_path.startswith(self.feed.area_path):
            raise Missing(WRONG_LINK, kind="Thing", id=number)
        if point.source != self.feed.source:
            raise Forbidden(NOT_YOURS)
        return point

    def owned_stream(self, number: int | None) -> tuple[Datastream, MonitoringPoint]:
        """Give a stream of this feed's source and area, with its station."""
        query = select(Datastream, MonitoringPoint).join(
            MonitoringPoint, MonitoringPoint.id == Datastream.point_id
        )
        row = self.session.execute(query.where(Datastream.number == number)).first()
        if row is None or not row[1].area_path.startswith(self.feed.area_path):
            raise Missing(WRONG_LINK, kind="Datastream", id=number)
        if row[1].source != self.feed.source:
            raise Forbidden(NOT_YOURS)
        return row[0], row[1]

    def owned_sensor(self, number: int) -> Sensor:
        """Give a sensor of this feed's source."""
        sensor = self.session.get(Sensor, number)
        if sensor is None or not sensor.area_path.startswith(self.feed.area_path):
            raise Missing(WRONG_LINK, kind="Sensor", id=number)
        if sensor.source != self.feed.source:
            raise Forbidden(NOT_YOURS)
        return sensor

    def _placed(self, told: LocationIn) -> tuple[Point, str]:
        if told.id is not None:
            kept = self.session.get(StationPlace, told.id)
            if kept is None:
                raise Missing(WRONG_LINK, kind="Location", id=told.id)
            place = kept.place
        elif told.location is None or told.location.type != "Point":
            raise Rejected("A Location is a point in GeoJSON: longitude first, in WGS 84.")
        else:
            place = Point(told.location.coordinates[:2])
        day = placing.day_of(self.now)
        path = placing.path_at(self.session, place, day=day)
        if path is None or not path.startswith(self.feed.area_path):
            raise Rejected("This place lies outside the area of your key. Longitude comes first.")
        return place, path

    def _tell(self, point: MonitoringPoint, what: str) -> None:
        area, name = point.area_path, point.name
        audit.record(self.session, act=f"station.{what}", subject=point.id, area_path=area,
                     name=name)  # fmt: skip
        announce(self.session, topic=TOPIC, kind=what, ref=point.id, area_path=area)


def _without(told: Mapping[str, Any], names: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name not in names}


def _described(told: StreamIn) -> dict[str, Any]:
    return {
        "name": told.name, "description": told.description or None,
        "properties": _without(told.properties, OF_STREAM),
    }  # fmt: skip


def _paced(told: StreamIn, before: Datastream | None = None) -> dict[str, int]:
    said = told.properties.get("intervalSeconds")
    if not isinstance(said, int | float) or not 1 <= said <= WEEK_S:
        said = before.interval_s if before else USUAL_INTERVAL_S
    if before and said == before.interval_s:
        return {}
    return {"interval_s": int(said), "silent_after_s": max(LEAST_SILENT_S, 3 * int(said))}


def _sensor(told: SensorIn) -> dict[str, Any]:
    words = told.metadata
    return {
        "name": told.name, "description": told.description, "encoding_type": told.encoding_type,
        "told": words if isinstance(words, str) else orjson.dumps(words).decode(),
        "properties": told.properties,
    }  # fmt: skip


def _check_unit(told: StreamIn, observed: ObservedProperty) -> None:
    """Hold that results come in the unit kept: told in another they would be told wrongly."""
    said = told.unit and (told.unit.symbol or told.unit.name)
    if said and observed.units.get(said) != 1:
        raise Rejected("{property} is kept in {unit} here. Declare the stream in {unit}.",
                       property=observed.code, unit=observed.unit)  # fmt: skip
