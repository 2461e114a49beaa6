"""JSON shapes of the ledger: what comes in, what goes out."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from shapely import MultiPolygon, Point, Polygon
from shapely.geometry import mapping, shape

from gis.errors import Rejected
from gis.store.base import new_id
from hazards.points.history import Step
from hazards.points.models import HazardPoint
from hazards.points.rules import Category, Evidence, Grade, State
from hazards.points.service import Facts

Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Count = Annotated[int, Field(ge=0, le=2_000_000_000)]
Money = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)]
# PostgreSQL keeps every character but this one.
NO_NUL = r"^[^\x00]*$"
Text = Annotated[str, Field(max_length=2_000, pattern=NO_NUL)]
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=NO_NUL)]
Number = Annotated[str, Field(max_length=100, pattern=NO_NUL)]


class Said(BaseModel):
    """What a person may say of a point; in a change, only what is sent is changed."""

    model_config = ConfigDict(extra="forbid")

    category: Category
    evidence: Evidence
    hazard_type: Number
    name: Name
    longitude: Longitude
    latitude: Latitude
    address: Text = ""
    number: Number = ""
    threatened_persons: Count | None = None
    threatened_households: Count | None = None
    threatened_frail: Count | None = None
    threatened_property_10k_yuan: Money | None = None
    owner_name: Text = ""
    owner_phone: Text = ""
    owner_unit: Text = ""
    extent: dict[str, object] | None = None
    grade: Grade | None = None
    grade_reason: Text = ""

    def facts(self) -> Facts:
        """Give it as the service takes it."""
        said = self.model_dump(exclude={"id", "longitude", "latitude", "extent"})
        place = Point(self.longitude, self.latitude)
        return Facts(**said, place=place, extent=outline(self.extent))


class NewPoint(Said):
    """A new entry; the sender makes the id, so that sending twice enters once."""

    id: UUID = Field(default_factory=new_id)


class Changes(BaseModel):
    """A change of some fields, made in view of a version."""

    model_config = ConfigDict(extra="forbid")

    version: int
    category: Category | None = None
    evidence: Evidence | None = None
    hazard_type: Number | None = None
    name: Name | None = None
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    address: Text | None = None
    number: Number | None = None
    threatened_persons: Count | None = None
    threatened_households: Count | None = None
    threatened_frail: Count | None = None
    threatened_property_10k_yuan: Money | None = None
    owner_name: Text | None = None
    owner_phone: Text | None = None
    owner_unit: Text | None = None
    extent: dict[str, object] | None = None
    grade: Grade | None = None
    grade_reason: Text | None = None

    def changes(self) -> dict[str, object]:
        """Give only what was sent; a text or a place cannot be changed to nothing known."""
        sent = self.model_dump(exclude_unset=True, exclude={"version"})
        lonely = ("longitude" in sent) != ("latitude" in sent)
        if lonely or any(sent[n] is None for n in sent if n not in MAY_BE_NULL):
            raise Rejected("Longitude and latitude go together, and no text can be null.")
        if "longitude" in sent:
            sent["place"] = Point(sent.pop("longitude"), sent.pop("latitude"))
        if "extent" in sent:
            sent["extent"] = outline(sent["extent"])
        return sent


MAY_BE_NULL = frozenset(
    {
        "threatened_persons",
        "threatened_households",
        "threatened_frail",
        "threatened_property_10k_yuan",
        "extent",
        "grade",
    }
)


class Approval(BaseModel):
    """An act in view of a version."""

    version: int


class Delisting(Approval):
    """Taking a point off the ledger."""

    ground: Text


class PointOut(BaseModel):
    """A point in full."""

    id: UUID
    number: str
    source: str
    name: str
    address: str
    category: Category
    evidence: Evidence
    hazard_type: str
    grade: Grade
    grade_origin: str
    grade_reason: str | None
    state: State
    delisted_ground: str | None
    threatened_persons: int | None
    threatened_households: int | None
    threatened_frail: int | None
    threatened_property_10k_yuan: float | None
    owner_name: str
    owner_phone: str
    owner_unit: str
    longitude: float
    latitude: float
    extent: dict[str, object] | None
    area_path: str
    synthetic: bool
    version: int
    changed_at: datetime
    changed_by: UUID
    changed_by_name: str

    @classmethod
    def of(cls, point: HazardPoint) -> "PointOut":
        """Show a point."""
        plain = {name: getattr(point, name, None) for name in cls.model_fields}
        extent = None if point.extent is None else mapping(point.extent)
        where = {"longitude": point.place.x, "latitude": point.place.y, "extent": extent}
        return cls.model_validate(plain | where)


class DifferenceOut(BaseModel):
    """One column that changed."""

    column: str
    was: str | None
    became: str | None


class StepOut(BaseModel):
    """One state in the point's life."""

    version: int
    at: datetime
    by_name: str
    differences: list[DifferenceOut]

    @classmethod
    def of(cls, step: Step) -> "StepOut":
        """Show a step."""
        told = [
            DifferenceOut(column=d.column, was=plain_text(d.was), became=plain_text(d.became))
            for d in step.differences
        ]
        return cls(version=step.version, at=step.at, by_name=step.by_name, differences=told)


def outline(given: dict[str, object] | None) -> MultiPolygon | None:
    """Read an extent as GeoJSON: a polygon or several."""
    if given is None:
        return None
    try:
        drawn = shape(given)
    except Exception as error:  # shapely raises many kinds for a broken shape
        raise Rejected("The extent is not a GeoJSON polygon.") from error
    made = MultiPolygon([drawn]) if isinstance(drawn, Polygon) else drawn
    if not isinstance(made, MultiPolygon) or made.is_empty or not made.is_valid:
        raise Rejected("The extent is not a valid GeoJSON polygon. Draw it again.")
    return made


def plain_text(value: object) -> str | None:
    """Show a value of a column as text."""
    if isinstance(value, Point):
        return f"{value.x:.6f}, {value.y:.6f}"
    return None if value is None else str(value)
