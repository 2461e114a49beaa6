"""What a client may write, as JSON: checked in form before anything of it is kept. Pure."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from functools import cache
from typing import Annotated, Any

import orjson
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from gis.errors import Rejected

MOST_PATCHES = 100
MOST_JSON = 20_000
MOST_AT_ONCE = 10_000
Name = Annotated[str, Field(min_length=1, max_length=200)]
Words = Annotated[str, Field(max_length=2_000)]
Properties = dict[str, Any]


class Shape(BaseModel):
    """A thing as written; what is not known here is left aside, as OData says."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)

    id: int | None = Field(default=None, alias="@iot.id")


class PlaceIn(BaseModel):
    """A point in GeoJSON."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    type: str
    coordinates: Annotated[list[float], Field(min_length=2, max_length=3)]


class LocationIn(Shape):
    """A place to stand at."""

    name: Name | None = None
    description: Words = ""
    encoding_type: str = Field(default="", alias="encodingType")
    location: PlaceIn | None = None


class SensorIn(Shape):
    """What measures."""

    name: Name | None = None
    description: Words = ""
    encoding_type: Name = Field(default="text/plain", alias="encodingType")
    metadata: Any = ""
    properties: Properties = {}


class PropertyIn(Shape):
    """What is measured."""

    name: Name | None = None
    definition: Words = ""


class UnitIn(BaseModel):
    """The unit of a stream."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    name: str | None = None
    symbol: str | None = None


class ObservationIn(Shape):
    """A reading."""

    result: Any = None
    phenomenon_time: str | None = Field(default=None, alias="phenomenonTime")
    stream: Shape | None = Field(default=None, alias="Datastream")
    feature: Shape | None = Field(default=None, alias="FeatureOfInterest")


class StreamIn(Shape):
    """A stream, with what it measures by."""

    name: Name | None = None
    description: Words = ""
    unit: UnitIn | None = Field(default=None, alias="unitOfMeasurement")
    properties: Properties = {}
    thing: Shape | None = Field(default=None, alias="Thing")
    sensor: SensorIn | None = Field(default=None, alias="Sensor")
    observed: PropertyIn | None = Field(default=None, alias="ObservedProperty")
    observations: list[ObservationIn] = Field(default=[], alias="Observations", max_length=10_000)


class ThingIn(Shape):
    """A station, with where it stands and what it measures."""

    name: Name | None = None
    description: Words = ""
    properties: Properties = {}
    locations: list[LocationIn] = Field(default=[], alias="Locations")
    streams: list[StreamIn] = Field(default=[], alias="Datastreams", max_length=100)


class DataArrayIn(BaseModel):
    """Many readings of one stream: names of the parts, then a row for each reading."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    stream: Shape = Field(alias="Datastream")
    components: list[str]
    rows: list[list[Any]] = Field(alias="dataArray", max_length=MOST_AT_ONCE)


class PatchIn(BaseModel):
    """A change of a part, as RFC 6902 has it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    op: str
    path: str
    value: Any = None


def read(kind: Any, told: object) -> Any:
    """Read JSON as this shape. Raises Rejected with the place that is wrong."""
    if len(orjson.dumps(told)) > MOST_JSON * 100:
        raise Rejected("This is more than is taken here at once. Send less.")
    try:
        return _adapter(kind).validate_python(told)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "top"
        raise Rejected("{place} is not as it should be: {error}",
                       place=place, error=first["msg"]) from error  # fmt: skip


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    """Make what reads a shape once: making it costs more than reading by it."""
    return TypeAdapter(kind)


def patched(told: Mapping[str, Any], patches: Sequence[PatchIn]) -> dict[str, Any]:
    """Change a document as RFC 6902 says; what cannot be done is refused and nothing is changed."""
    if len(patches) > MOST_PATCHES:
        raise Rejected("Send at most {most} changes at once.", most=MOST_PATCHES)
    document = deepcopy(dict(told))
    for patch in patches:
        _apply(document, patch)
    return document


def _apply(document: dict[str, Any], patch: PatchIn) -> None:
    parts = [p.replace("~1", "/").replace("~0", "~") for p in patch.path.split("/")[1:]]
    here: Any = document
    for part in parts[:-1]:
        here = here.get(part) if isinstance(here, dict) else None
    if not parts or not isinstance(here, dict):
        raise Rejected("There is no {path} here to change.", path=patch.path[:60])
    last = parts[-1]
    if patch.op == "add":
        here[last] = patch.value
    elif last not in here:
        raise Rejected("There is no {path} here to change.", path=patch.path[:60])
    elif patch.op == "replace":
        here[last] = patch.value
    elif patch.op == "remove":
        del here[last]
    elif patch.op != "test":
        raise Rejected("Changes here are add, replace, remove and test.")
    elif here[last] != patch.value:
        raise Rejected("{path} is not what this change says it is. Read it again.",
                       path=patch.path[:60])  # fmt: skip
