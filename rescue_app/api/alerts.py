"""Alerts over HTTP: what is in force, propose, issue, drop, cancel; their outlines for the map."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from gis import geometry
from hazards.alerts import repository, service
from hazards.alerts.models import Alert
from hazards.alerts.repository import Wanted
from hazards.alerts.rules import WORDS_LENGTH, AlertDraft, Colour, State
from rescue_app.http.dependencies import Db, Now, Who

router = APIRouter(prefix="/api/v1", tags=["alerts"])
Path = Annotated[str, Field(pattern=r"^/(\d+/)+$", max_length=100)]
Text = Annotated[str, Field(max_length=4 * WORDS_LENGTH)]
GEOJSON = "application/geo+json"


class AlertIn(BaseModel):
    """A warning as its author writes it; the same id is the same warning.

    It holds in `area_paths` as wholes, inside `drawn` (GeoJSON), or in both. What is left empty is
    said in the standard words of the colour. `follows` makes it an update.
    """

    model_config = ConfigDict(extra="forbid")

    id: UUID
    colour: Colour
    hazard_type: str
    expires_at: AwareDatetime
    onset_at: AwareDatetime | None = None
    area_paths: list[Path] = Field(default_factory=list, max_length=2_000)
    drawn: dict[str, Any] | None = None
    headline_zh: Text = ""
    headline_en: Text = ""
    instruction_zh: Text = ""
    instruction_en: Text = ""
    why: Text = ""
    follows: UUID | None = None
    is_drill: bool = False

    def draft(self) -> AlertDraft:
        """Give it as the service takes it."""
        told = self.model_dump(exclude={"drawn", "area_paths"})
        drawn = geometry.boundary(geometry.parse(self.drawn)).shape if self.drawn else None
        return AlertDraft(**told, area_paths=tuple(self.area_paths), drawn=drawn)


class WhyIn(BaseModel):
    """Why a warning is taken back."""

    why: Text = ""


class AlertOut(BaseModel):
    """A warning as it stands."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    root_id: UUID
    follows_id: UUID | None
    colour: Colour
    hazard_type: str
    area_path: str
    area_paths: list[str]
    where_zh: str
    where_en: str
    headline_zh: str
    headline_en: str
    instruction_zh: str
    instruction_en: str
    why: str
    source: str
    is_drill: bool
    state: State
    proposed_by_name: str
    proposed_at: datetime
    onset_at: datetime | None
    expires_at: datetime
    issued_by_name: str
    issued_at: datetime | None
    issuer_zh: str
    issuer_en: str
    ended_at: datetime | None
    ended_by_name: str
    ended_why: str

    @classmethod
    def of(cls, alert: Alert) -> Self:
        """Read it off the row."""
        return cls.model_validate(alert)


@router.get("/alerts")
def list_alerts(
    db: Db, _: Who, now: Now, show: Annotated[Literal["now", "all"], Query()] = "now"
) -> list[AlertOut]:
    """Give the warnings that concern the reader's area: those in force, or all of them."""
    found = repository.in_force(db, now=now) if show == "now" else repository.listed(db, Wanted())
    return [AlertOut.of(one) for one in found]


@router.get("/alerts/shapes.geojson")
def outlines(db: Db, _: Who, now: Now) -> Response:
    """Give the outlines of what is in force; the database writes the GeoJSON."""
    return Response(repository.shapes(db, now=now), media_type=GEOJSON)


@router.post("/alerts", status_code=201)
def propose(db: Db, actor: Who, now: Now, body: AlertIn) -> AlertOut:
    """Propose a warning for somebody else to approve."""
    return AlertOut.of(service.propose(db, draft=body.draft(), by=actor, now=now))


@router.get("/alerts/{alert_id}")
def read_alert(db: Db, _: Who, alert_id: UUID) -> AlertOut:
    """Give one warning."""
    return AlertOut.of(service.visible(db, alert_id))


@router.post("/alerts/{alert_id}/issue", status_code=201)
def issue(db: Db, actor: Who, now: Now, alert_id: UUID) -> AlertOut:
    """Approve it: from now on it holds."""
    return AlertOut.of(service.issue(db, alert_id=alert_id, by=actor, now=now))


@router.post("/alerts/{alert_id}/drop", status_code=201)
def drop(db: Db, actor: Who, now: Now, alert_id: UUID, body: WhyIn) -> AlertOut:
    """Throw a proposal away."""
    return AlertOut.of(service.drop(db, alert_id=alert_id, by=actor, now=now, why=body.why))


@router.post("/alerts/{alert_id}/cancel", status_code=201)
def cancel(db: Db, actor: Who, now: Now, alert_id: UUID, body: WhyIn) -> AlertOut:
    """Call it off before its time."""
    return AlertOut.of(service.cancel(db, alert_id=alert_id, by=actor, now=now, why=body.why))
