"""Traffic at an asset over HTTP: closures, and the plans by which traffic is led around."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict
from shapely import LineString
from shapely.geometry import mapping

from gis import geometry
from gis.errors import Rejected
from qr_codes.assets import repository as assets
from qr_codes.traffic import repository, service
from qr_codes.traffic.models import AssetClosure, TrafficPlan
from qr_codes.traffic.rules import ClosureDraft, PlanDraft, Stop
from rescue_app.http.dependencies import Db, Now, Who

router = APIRouter(prefix="/api/v1", tags=["traffic"])


class ClosureIn(BaseModel):
    """A closure; the same id twice is one closure. Without a unit it is the owner's."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    reason: str
    unit: str = ""
    expected_at: AwareDatetime | None = None


class NoteIn(BaseModel):
    """What was checked before it was opened again."""

    model_config = ConfigDict(extra="forbid")

    note: str = ""


class ClosureOut(BaseModel):
    """One time that an asset was closed; `reopened_at` is empty while it is."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    asset_id: UUID
    unit: str
    reason: str
    closed_at: datetime
    closed_by_name: str
    expected_at: datetime | None
    reopened_at: datetime | None
    reopened_by_name: str
    reopened_note: str

    @classmethod
    def of(cls, row: AssetClosure) -> Self:
        """Show a closure."""
        return cls.model_validate(row)


class StopSaid(BaseModel):
    """A place at which the way is closed."""

    model_config = ConfigDict(extra="forbid")

    lon: float
    lat: float
    name: str = ""


class PlanIn(BaseModel):
    """A plan in view of the version that was seen, 0 for none; the same id twice is one plan."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    version: int
    stops: list[StopSaid]
    detour: dict[str, Any] | None = None
    words: str = ""
    closer: str = ""
    closer_phone: str = ""

    def draft(self) -> PlanDraft:
        """Give it as the service wants it; the geometry comes in by the one door."""
        detour = geometry.parse(self.detour) if self.detour is not None else None
        if detour is not None and not isinstance(detour, LineString):
            raise Rejected("A line needs two places or more.")
        stops = [Stop(geometry.point(one.lon, one.lat), one.name) for one in self.stops]
        return PlanDraft(stops, detour, self.words, self.closer, self.closer_phone)


class PlanOut(BaseModel):
    """How traffic is led; the highest version holds."""

    id: UUID
    version: int
    stops: list[StopSaid]
    detour: dict[str, Any] | None
    words: str
    closer: str
    closer_phone: str
    made_at: datetime
    made_by_name: str

    @classmethod
    def of(cls, plan: TrafficPlan) -> Self:
        """Show a plan."""
        said = {name: getattr(plan, name) for name in cls.model_fields if name != "detour"}
        return cls(**said, detour=mapping(plan.detour) if plan.detour is not None else None)


@router.get("/assets/{asset_id}/closures")
def closures_of_asset(db: Db, _: Who, asset_id: UUID) -> list[ClosureOut]:
    """Give the last times that an asset was closed, newest first."""
    asset = assets.visible(db, asset_id)
    return [ClosureOut.of(one) for one in repository.closures_of(db, asset.id)]


@router.post("/assets/{asset_id}/closures", status_code=201)
def close_asset(db: Db, actor: Who, now: Now, asset_id: UUID, body: ClosureIn) -> ClosureOut:
    """Close an asset to traffic."""
    draft = ClosureDraft(body.reason, body.unit, body.expected_at)
    made = service.close(db, asset_id=asset_id, closure_id=body.id, draft=draft, by=actor, now=now)
    return ClosureOut.of(made)


@router.post("/closures/{closure_id}/reopen")
def reopen_asset(db: Db, actor: Who, now: Now, closure_id: UUID, body: NoteIn) -> ClosureOut:
    """Give an asset back to traffic."""
    note = body.note
    return ClosureOut.of(service.reopen(db, closure_id=closure_id, note=note, by=actor, now=now))


@router.get("/assets/{asset_id}/traffic-plans")
def plans_of_asset(db: Db, _: Who, asset_id: UUID) -> list[PlanOut]:
    """Give all plans that an asset had, newest first."""
    asset = assets.visible(db, asset_id)
    return [PlanOut.of(one) for one in repository.plans_of(db, asset.id)]


@router.post("/assets/{asset_id}/traffic-plans", status_code=201)
def plan_asset(db: Db, actor: Who, now: Now, asset_id: UUID, body: PlanIn) -> PlanOut:
    """Lay down how traffic is led."""
    draft, seen = body.draft(), body.version
    made = service.plan(
        db, asset_id=asset_id, plan_id=body.id, seen_version=seen, draft=draft, by=actor, now=now
    )
    return PlanOut.of(made)
