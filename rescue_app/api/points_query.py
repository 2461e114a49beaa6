"""The question that list, map, numbers and export take alike, as an address asks it."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal, Self

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from gis import crs, geometry
from gis.areas import repository as areas
from gis.areas.placing import CITY_ZONE, day_of
from gis.errors import Rejected
from gis.exchange.writing.forms import Form
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.points.filters import Box, PointFilter, Sort
from hazards.points.rules import Category, Evidence, Grade, State
from rescue_app.api.points_said import NO_NUL, Number

MOST_VERTICES = 2_000
"""An address is no place for more; a whole district's outline is asked for by its code."""

MOST_BUFFER_M = 100_000
POLYGONS = ("Polygon", "MultiPolygon")
Words = Annotated[str, Field(max_length=200, pattern=NO_NUL)]
Drawn = Annotated[str, Field(pattern=NO_NUL)]


class PointQuery(BaseModel):
    """The questions a list of points takes; an unknown one is refused."""

    model_config = ConfigDict(extra="forbid")

    q: Words = ""
    owner: Words = ""
    category: list[Category] = []
    evidence: list[Evidence] = []
    hazard_type: list[Number] = []
    grade: list[Grade] = []
    state: list[State] = []
    area: Annotated[list[Number], Field(max_length=100)] = []
    bbox: str | None = None
    polygon: Drawn | None = None
    buffer_m: Annotated[float, Field(gt=0, le=MOST_BUFFER_M)] | None = None
    overdue: bool = False
    as_of: str | None = None
    sort: Sort = Sort.GRADE
    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    size: Annotated[int, Field(ge=1, le=5_000)] = 50
    lang: str | None = None

    @model_validator(mode="before")
    @classmethod
    def without_empty(cls, given: dict[str, object]) -> dict[str, object]:
        """Let an empty select or field of a form mean no filter."""
        chosen = {
            name: [v for v in value if v != ""] if isinstance(value, list) else value
            for name, value in given.items()
        }
        return {name: value for name, value in chosen.items() if value not in ("", [])}

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> Self:
        """Read the pairs of an address; what is no list takes the last."""
        given: dict[str, str | list[str]] = {}
        for name, value in pairs:
            if name in MANY:
                given[name] = [*given.get(name, ()), value]
            else:
                given[name] = value
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            raise RequestValidationError(error.errors()) from error

    def filter(self, session: Session | None, now: datetime) -> PointFilter:
        """Give it as the repository takes it; areas are those of the moment asked for.

        Where areas are named by path, nothing has to be looked up and no session is needed.
        """
        as_of = moment(self.as_of) if self.as_of else None
        return PointFilter(
            q=self.q,
            owner=self.owner,
            category=tuple(self.category),
            evidence=tuple(self.evidence),
            hazard_type=tuple(self.hazard_type),
            grade=tuple(self.grade),
            state=tuple(self.state),
            areas=tuple(area_path(session, code, day_of(as_of or now)) for code in self.area),
            box=box(self.bbox) if self.bbox else None,
            within=outline(self.polygon, self.buffer_m),
            # By the minute: a view's tiles are one question, drawn from one kept query.
            overdue=now.replace(second=0, microsecond=0) if self.overdue else None,
            as_of=as_of,
        )


async def meaning(request: Request, asked: PointQuery, now: datetime) -> PointFilter:
    """Give the filter; only codes of areas have to be looked up for it, paths are known."""
    if all(area.startswith("/") for area in asked.area):
        return asked.filter(None, now)

    def look_up() -> PointFilter:
        with unit_of_work(request.app.state.sessions, SYSTEM) as session:
            return asked.filter(session, now)

    return await run_in_threadpool(look_up)


def topics_of(asked: PointFilter) -> tuple[str, ...]:
    """Name what must be unchanged for an answer to be the same."""
    return ("point", "task") if asked.overdue else ("point",)


MANY = frozenset(
    name for name, field in PointQuery.model_fields.items() if isinstance(field.default, list)
)
"""The questions that may be asked several times over."""


class ExportQuery(PointQuery):
    """The same questions, and the kind of file; in words or in codes."""

    format: Form = Form.CSV
    crs: Words = "EPSG:4326"
    words: Literal["", "zh"] = ""


def area_path(session: Session | None, asked: str, day: date) -> str:
    """Take a path as it is, and a code by the day's tree."""
    if asked.startswith("/"):
        return asked.rstrip("/") + "/"
    area = areas.by_code(session, asked, day) if session else None
    if area is None:
        raise Rejected("On {day} no area has the code {code}.", day=str(day), code=asked)
    return area.path


def box(text: str) -> Box:
    """Read `west,south,east,north`."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise Rejected("bbox takes west,south,east,north in degrees.") from error
    # NaN fails every comparison, so it is refused here too.
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise Rejected("bbox takes west,south,east,north in degrees.")
    return Box(west, south, east, north)


def outline(drawn: str | None, buffer_m: float | None) -> BaseGeometry | None:
    """Read what was drawn on the map; a point or a line needs a width around it."""
    if drawn is None:
        return None
    shape = geometry.checked(geometry.parse(drawn), most_vertices=MOST_VERTICES)
    if shape.geom_type in POLYGONS and not shape.is_valid:
        shape = geometry.boundary(shape).shape
    if buffer_m is not None:
        return crs.buffer(shape, radius_m=buffer_m)
    if shape.geom_type not in POLYGONS:
        raise Rejected("Only a polygon has an inside. Give buffer_m, the metres around it, too.")
    return shape


def moment(text: str) -> datetime:
    """Read a day, meaning its end, or a time; without a zone the city's is meant."""
    try:
        if len(text) == len("2026-05-01"):
            after = date.fromisoformat(text) + timedelta(days=1)
            return datetime.combine(after, time(), CITY_ZONE)
        read = datetime.fromisoformat(text)
    except (ValueError, OverflowError) as error:
        raise Rejected("as_of takes a day (2026-05-01) or a time (2026-05-01T08:00).") from error
    return read if read.tzinfo else read.replace(tzinfo=CITY_ZONE)
