"""Findings over HTTP: read them, move them on."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from gis import geometry
from gis.authority import Actor
from qr_codes.findings import repository, service
from qr_codes.findings.repository import Wanted
from qr_codes.findings.rules import State, Step
from qr_codes.findings.service import Deed, Scan
from rescue_app.http.codes import CodeBook, Codes
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.http.scanning import on_site

router = APIRouter(prefix="/api/v1", tags=["findings"])


class FindingOut(BaseModel):
    """A finding in full."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    asset_id: UUID
    item_code: str
    text_zh: str
    text_en: str
    answer: str
    note: str
    grade: int
    stop: bool
    state: State
    found_by_name: str
    found_at: datetime
    seen_at: datetime
    times_seen: int
    closed_at: datetime | None
    due_at: datetime | None
    unit_id: UUID | None
    unit_name: str
    unit_name_en: str
    owned: bool
    awaits_ruling: bool
    unowned_since: datetime | None
    unowned_s: int
    routed_by: str


class RoutingOut(BaseModel):
    """How many open findings the list routed by itself, and how long they had no owner."""

    model_config = ConfigDict(from_attributes=True)

    total: int
    by_list: int
    share: float | None
    unowned_now: int
    unowned_s: int


class FindingPage(BaseModel):
    """One page of a list."""

    total: int
    page: int
    items: list[FindingOut]


class StepIn(BaseModel):
    """A step to be taken; its id is made by the client, so a retry counts once."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    act: Step
    note: str = Field(default="", max_length=100_000)
    unit_id: UUID | None = None
    file_ids: list[UUID] = []
    code: str = ""
    lon: float | None = None
    lat: float | None = None
    done_at: AwareDatetime | None = None

    @model_validator(mode="after")
    def whole_place(self) -> Self:
        """Hold that a place has both its numbers."""
        if (self.lon is None) != (self.lat is None):
            raise ValueError("lon and lat come together")
        return self

    def deed(self, db: Db, codes: CodeBook, by: Actor) -> Deed:
        """Give it as the service takes it; the code was scanned on site."""
        said = self.model_dump(include={"id", "act", "note", "unit_id", "done_at"})
        return Deed(**said, file_ids=tuple(self.file_ids), scan=self.scan(db, codes, by))

    def scan(self, db: Db, codes: CodeBook, by: Actor) -> Scan | None:
        """Read the code, if one was scanned."""
        if not self.code:
            return None
        label = on_site(db, codes, self.code, actor=by)
        if self.lon is None or self.lat is None:
            return Scan(label.id, label.asset_id)
        return Scan(label.id, label.asset_id, geometry.point(self.lon, self.lat))


class StepOut(BaseModel):
    """A step that was taken."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    act: str
    state: str
    actor_name: str
    done_at: datetime
    received_at: datetime
    note: str
    inspection_id: UUID | None
    unit_id: UUID | None
    unit_name: str
    distance_m: float | None


@router.get("/findings")
def list_findings(
    db: Db,
    _: Who,
    state: State | None = None,
    grade: Annotated[int | None, Query(ge=1, le=4)] = None,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> FindingPage:
    """Give one page of findings, worst first; open ones unless a state is asked for."""
    rows, total = repository.listing(db, Wanted(state=state or "", grade=grade, page=page))
    items = [FindingOut.model_validate(row) for row in rows]
    return FindingPage(total=total, page=page, items=items)


@router.get("/findings/routing")
def routing_figures(db: Db, _: Who) -> RoutingOut:
    """Give the share of open findings that was routed by itself, and the time without an owner."""
    return RoutingOut.model_validate(repository.routing(db))


@router.get("/findings/{finding_id}")
def show_finding(db: Db, _: Who, finding_id: UUID) -> FindingOut:
    """Give one finding."""
    return FindingOut.model_validate(repository.visible(db, finding_id))


@router.get("/findings/{finding_id}/steps")
def finding_steps(db: Db, _: Who, finding_id: UUID) -> list[StepOut]:
    """Give what was done with a finding, in order."""
    finding = repository.visible(db, finding_id)
    return [StepOut.model_validate(step) for step in repository.steps(db, finding.id)]


@router.post("/findings/{finding_id}/steps")
def move_finding(
    db: Db, actor: Who, now: Now, codes: Codes, finding_id: UUID, body: StepIn
) -> FindingOut:
    """Take a finding one step on; the same step id again changes nothing."""
    deed = body.deed(db, codes, actor)
    found = service.take(db, finding_id=finding_id, deed=deed, by=actor, now=now)
    return FindingOut.model_validate(found)
