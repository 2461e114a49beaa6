"""The eight kinds of SensorThings as questions to our own tables; nothing is kept twice.

A station is a Thing, and the ground at it the FeatureOfInterest of all it measures. Each place
where it stood is a Location and, with the day since when, a HistoricalLocation.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from shapely.geometry import mapping
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    case,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB

from hazards.monitoring.models import (
    Datastream,
    MonitoringPoint,
    ObservedProperty,
    Reading,
    Sensor,
    StationPlace,
)
from hazards.monitoring.rules import UNBELIEVED, Flag

GEOJSON = "application/geo+json"
MEASUREMENT = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"
PLAIN = "text/plain"
NOT_SAID = 0
"""The number of the Sensor of streams whose owner did not say what measures."""
GOOD, DOUBTFUL = "good", "doubtful"


class Of(StrEnum):
    """What kind of value a property holds, so what it can be compared with."""

    NUMBER = "number"
    TEXT = "text"
    TIME = "time"
    SPAN = "span"
    SHAPE = "shape"
    JSON = "json"
    TRUTH = "truth"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Property:
    """A property: the columns it is made of, and how it is told."""

    of: Of
    columns: tuple[str, ...]
    told: Callable[..., Any] = lambda value: value


@dataclass(frozen=True, slots=True)
class Link:
    """A way to another kind: where our `own` column is its `other` one."""

    kind: str
    own: str
    other: str
    many: bool = False
    by_station: bool = False
    """The own column is a station's number and the other one a stream's."""
    indexed: str = ""
    """A column there that has an index and, in all that belongs, the same value as `other`."""

    def meets(self, own: Any, there: FromClause, *, each: bool = False) -> ColumnElement[bool]:
        """Tell whether a row there belongs to the one with this own value.

        Asked for `each` of many by itself it has to be found by an index; asked for all at once
        one equality more would let the database think that next to nothing is found.
        """
        other: ColumnElement[Any] = there.c[self.other]
        if self.by_station:
            of = select(Datastream.number).join(MonitoringPoint).where(
                MonitoringPoint.number == own
            )  # fmt: skip
            return other.in_(of.correlate_except(Datastream, MonitoringPoint))
        held: ColumnElement[bool] = other == own
        return held & (there.c[self.indexed] == own) if each and self.indexed else held


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing: what is asked of the database, its properties and its ways."""

    name: str
    plural: str
    query: Select[*tuple[Any, ...]]
    properties: Mapping[str, Property]
    links: Mapping[str, Link]
    order: tuple[str, ...] = ("id",)


def iso(at: datetime | None) -> str | None:
    """Write a moment as clients read it."""
    if at is None:
        return None
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _span(first: datetime | None, last: datetime | None) -> str | None:
    return None if first is None or last is None else f"{iso(first)}/{iso(last)}"


def _marks(flags: int, received: datetime, said: str | None) -> dict[str, Any]:
    names = [str(flag.name).lower() for flag in Flag if flag & flags]
    return {"flags": names, "receivedAt": iso(received), "said": said}


def _plain(of: Of, *names: str) -> dict[str, Property]:
    return {name: Property(of, (name,)) for name in names}


def _shape(name: str) -> dict[str, Property]:
    return {name: Property(Of.SHAPE, (name,), mapping)}


NAMED = _plain(Of.TEXT, "name", "description")
MORE = _plain(Of.JSON, "properties")
ENCODED = _plain(Of.TEXT, "encodingType")
P, D, Q, R, S, W = MonitoringPoint, Datastream, ObservedProperty, Reading, Sensor, StationPlace
ADDRESS = func.coalesce(func.nullif(P.address, ""), P.name).label("description")
PLACE_COLUMNS = (P.name, ADDRESS, literal(GEOJSON).label("encodingType"))

THING = Kind(
    "Thing",
    "Things",
    select(
        P.number.label("id"), P.name, ADDRESS,
        P.facts.op("||")(func.jsonb_build_object("source", P.source, "code", P.code,
                                                 "synthetic", P.synthetic)).label("properties"),
    ),
    NAMED | MORE,
    {
        "Locations": Link("Location", "id", "thing", many=True, indexed="station"),
        "HistoricalLocations": Link("HistoricalLocation", "id", "station", many=True),
        "Datastreams": Link("Datastream", "id", "thing", many=True),
    },
)  # fmt: skip
LOCATION = Kind(
    "Location",
    "Locations",
    select(
        W.number.label("id"), *PLACE_COLUMNS, W.place.label("location"), W.station,
        case((W.until.is_(None), W.station), else_=null()).label("thing"),
    ).join(P, P.number == W.station),
    NAMED | ENCODED | _shape("location"),
    {
        "Things": Link("Thing", "thing", "id", many=True),
        "HistoricalLocations": Link("HistoricalLocation", "id", "id", many=True),
    },
)  # fmt: skip
HISTORICAL_LOCATION = Kind(
    "HistoricalLocation",
    "HistoricalLocations",
    select(W.number.label("id"), W.since.label("time"), W.station),
    {"time": Property(Of.TIME, ("time",), iso)},
    {
        "Thing": Link("Thing", "station", "id"),
        "Locations": Link("Location", "id", "id", many=True),
    },
)
DATASTREAM = Kind(
    "Datastream",
    "Datastreams",
    select(
        D.number.label("id"),
        func.coalesce(D.name, func.concat_ws(" ", P.name, Q.name_zh, func.nullif(D.channel, "")))
        .label("name"),
        func.coalesce(D.description, func.concat_ws(" ", Q.name_en, func.nullif(D.channel, "")))
        .label("description"),
        literal(MEASUREMENT).label("observationType"),
        func.jsonb_build_object("name", Q.unit, "symbol", Q.unit, "definition", "ucum:" + Q.unit)
        .label("unitOfMeasurement"),
        P.place.label("observedArea"),
        D.first_at, D.last_at,
        D.properties.op("||")(func.jsonb_build_object(
            "stream", func.concat_ws("/", P.code, D.property, func.nullif(D.channel, "")),
            "intervalSeconds", D.interval_s, "trouble", D.trouble,
            "latest", func.jsonb_build_object("time", D.last_at, "result", D.last_value),
        )).label("properties"),
        P.number.label("thing"), Q.number.label("observed_property"),
        func.coalesce(D.sensor, NOT_SAID).label("sensor"),
    ).join(P, P.id == D.point_id).join(Q, Q.code == D.property),
    NAMED | MORE | _plain(Of.TEXT, "observationType") | _plain(Of.JSON, "unitOfMeasurement")
    | _shape("observedArea")
    | {"phenomenonTime": Property(Of.SPAN, ("first_at", "last_at"), _span)},
    {
        "Thing": Link("Thing", "thing", "id"),
        "Sensor": Link("Sensor", "sensor", "id"),
        "ObservedProperty": Link("ObservedProperty", "observed_property", "id"),
        "Observations": Link("Observation", "id", "stream", many=True),
    },
)  # fmt: skip
EMPTY = cast(literal("{}"), JSONB)
SENSORS = union_all(
    select(S.number, S.name, S.description, S.encoding_type, S.told, S.properties),
    select(cast(literal(NOT_SAID), BigInteger), literal("不详 · not said"),
           literal("其来源未说明仪器 · its source does not say what measures"), literal(PLAIN),
           literal(""), EMPTY),
).subquery("sensors")  # fmt: skip
SENSOR = Kind(
    "Sensor",
    "Sensors",
    select(
        SENSORS.c.number.label("id"), SENSORS.c.name, SENSORS.c.description,
        SENSORS.c.encoding_type.label("encodingType"), SENSORS.c.told.label("metadata"),
        SENSORS.c.properties,
    ),
    NAMED | MORE | ENCODED | _plain(Of.TEXT, "metadata"),
    {"Datastreams": Link("Datastream", "id", "sensor", many=True)},
)  # fmt: skip
OBSERVED_PROPERTY = Kind(
    "ObservedProperty",
    "ObservedProperties",
    select(
        Q.number.label("id"), Q.code.label("name"), ("urn:yitong:property:" + Q.code)
        .label("definition"), func.concat_ws(" · ", Q.name_zh, Q.name_en).label("description"),
        func.jsonb_build_object("unit", Q.unit, "least", Q.least, "most", Q.most)
        .label("properties"),
    ),
    NAMED | MORE | _plain(Of.TEXT, "definition"),
    {"Datastreams": Link("Datastream", "id", "observed_property", many=True)},
)  # fmt: skip
OBSERVATION = Kind(
    "Observation",
    "Observations",
    select(
        R.number.label("id"), R.observed_at.label("phenomenonTime"), R.value.label("result"),
        null().label("resultTime"), R.received_at, R.said, R.flags, R.stream,
        case((R.flags.op("&")(int(UNBELIEVED)) == 0, GOOD), else_=DOUBTFUL).label("resultQuality"),
        select(P.number).join(D, D.point_id == P.id).where(D.number == R.stream)
        .correlate(R).scalar_subquery().label("feature"),
    ),
    {"phenomenonTime": Property(Of.TIME, ("phenomenonTime",), iso)}
    | _plain(Of.NUMBER, "result")
    | {"resultTime": Property(Of.OTHER, ("resultTime",))}
    | _plain(Of.TEXT, "resultQuality")
    | {"parameters": Property(Of.OTHER, ("flags", "received_at", "said"), _marks)},
    {
        "Datastream": Link("Datastream", "stream", "id"),
        "FeatureOfInterest": Link("FeatureOfInterest", "feature", "id"),
    },
    ("stream", "phenomenonTime", "result"),  # as the index has them
)  # fmt: skip
FEATURE_OF_INTEREST = Kind(
    "FeatureOfInterest",
    "FeaturesOfInterest",
    select(P.number.label("id"), *PLACE_COLUMNS, P.place.label("feature")),
    NAMED | ENCODED | _shape("feature"),
    {"Observations": Link("Observation", "id", "stream", many=True, by_station=True)},
)
KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (THING, LOCATION, HISTORICAL_LOCATION, DATASTREAM, SENSOR, OBSERVED_PROPERTY,
                 OBSERVATION, FEATURE_OF_INTEREST)
}  # fmt: skip
PLURALS: Mapping[str, Kind] = {kind.plural: kind for kind in KINDS.values()}
