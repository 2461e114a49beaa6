"""What comes in over the ledger's interface: what somebody says of a point, and asks of it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from shapely import MultiPolygon, Point, Polygon
from shapely.geometry import shape

from gis.authority import Actor
from gis.errors import Rejected
from gis.store.base import new_id
from hazards.points.cases.proposing import Ask
from hazards.points.facts import Facts
from hazards.points.rules import (
    MOST_FILES,
    Category,
    Evidence,
    Grade,
    Ground,
    Monitoring,
    Scale,
    WarningMeans,
    WorksStage,
)

Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Count = Annotated[int, Field(ge=0, le=2_000_000_000)]
Money = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)]
# PostgreSQL keeps every character but this one.
NO_NUL = r"^[^\x00]*$"
Text = Annotated[str, Field(max_length=2_000, pattern=NO_NUL)]
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=NO_NUL)]
Number = Annotated[str, Field(max_length=100, pattern=NO_NUL)]


Volume = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=1)]


class Monitor(BaseModel):
    """Who watches the point on site."""

    model_config = ConfigDict(extra="forbid")

    name: Number
    phone: Number


def by_lines(given: object) -> object:
    """Read monitors from a form's field too: one a line, the phone last."""
    if not isinstance(given, str):
        return given
    pairs = (line.strip().rpartition(" ") for line in given.splitlines() if line.strip())
    return [{"name": name, "phone": phone} for name, _, phone in pairs]


def by_commas(given: object) -> object:
    """Read several codes from a form's field too."""
    return [code for code in given.split(",") if code] if isinstance(given, str) else given


Monitors = Annotated[tuple[Monitor, ...], BeforeValidator(by_lines)]
Means = Annotated[tuple[WarningMeans, ...], BeforeValidator(by_commas)]
Files = Annotated[tuple[UUID, ...], BeforeValidator(by_commas), Field(max_length=MOST_FILES)]

NOT_FACTS = {"id", "case", "reason", "longitude", "latitude", "extent"}


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
    owner_post: Text = ""
    monitoring_name: Text = ""
    monitoring_post: Text = ""
    monitoring_phone: Text = ""
    monitors: Monitors = ()
    monitoring_method: Monitoring | None = None
    warning_means: Means = ()
    plan_exists: bool | None = None
    cards_given: bool | None = None
    drilled_on: date | None = None
    found_on: date | None = None
    direction: Text = ""
    volume_m3: Volume | None = None
    scale: Scale | None = None
    trigger: Text = ""
    works: Text = ""
    works_stage: WorksStage | None = None
    file_ids: Files = ()
    extent: dict[str, object] | None = None
    grade: Grade | None = None
    grade_reason: Text = ""

    def facts(self) -> Facts:
        """Give it as the service takes it."""
        said = self.model_dump(exclude=NOT_FACTS)
        place = Point(self.longitude, self.latitude)
        return Facts(**said, place=place, extent=outline(self.extent))


class NewPoint(Said):
    """A new entry; the sender makes the ids, so that sending twice applies once."""

    id: UUID = Field(default_factory=new_id)
    case: UUID | None = None
    reason: Text = ""

    def ask(self, by: Actor, now: datetime) -> Ask:
        """Say who asks; a point's own id will do for the case that enters it."""
        return Ask(self.case or self.id, by, now, self.reason)


class Changes(BaseModel):
    """A change of some fields, made in view of a version."""

    model_config = ConfigDict(extra="forbid")

    case: UUID = Field(default_factory=new_id)
    reason: Text = ""
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
    owner_post: Text | None = None
    monitoring_name: Text | None = None
    monitoring_post: Text | None = None
    monitoring_phone: Text | None = None
    monitors: Monitors | None = None
    monitoring_method: Monitoring | None = None
    warning_means: Means | None = None
    plan_exists: bool | None = None
    cards_given: bool | None = None
    drilled_on: date | None = None
    found_on: date | None = None
    direction: Text | None = None
    volume_m3: Volume | None = None
    scale: Scale | None = None
    trigger: Text | None = None
    works: Text | None = None
    works_stage: WorksStage | None = None
    file_ids: Files | None = None
    extent: dict[str, object] | None = None
    grade: Grade | None = None
    grade_reason: Text | None = None

    def ask(self, by: Actor, now: datetime) -> Ask:
        """Say who asks."""
        return Ask(self.case, by, now, self.reason)

    def changes(self) -> dict[str, object]:
        """Give only what was sent; a text or a place cannot be changed to nothing known."""
        sent = self.model_dump(exclude_unset=True, exclude={"version", "case", "reason"})
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
        "monitoring_method",
        "plan_exists",
        "cards_given",
        "drilled_on",
        "found_on",
        "volume_m3",
        "scale",
        "works_stage",
    }
)


class Delisting(BaseModel):
    """Taking a point off the ledger, in view of a version."""

    model_config = ConfigDict(extra="forbid")

    case: UUID = Field(default_factory=new_id)
    version: int
    ground: Ground
    report: Text

    def ask(self, by: Actor, now: datetime) -> Ask:
        """Say who asks."""
        return Ask(self.case, by, now)


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
