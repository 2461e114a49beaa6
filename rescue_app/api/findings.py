"""Findings over HTTP: read them, move them on."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from gis import geometry
from gis.authority import Actor
from gis.store import files
from hazards.checklists.visits import deed_time
from qr_codes.findings import repository, service
from qr_codes.findings.repository import Wanted
from qr_codes.findings.rules import State, Step
from qr_codes.findings.service import Deed, Scan
from rescue_app.api.files import FileOut, shown
from rescue_app.http.codes import CodeBook, Codes
from rescue_app.http.dependencies import Db, Now, Sender, Who
from rescue_app.http.receiving import Attachment
from rescue_app.http.scanning import on_site
from rescue_app.http.senders import check_sender

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


class MovedOut(FindingOut):
    """A finding after a step, and as what the step was kept: a look, if somebody was quicker."""

    kept_as: Step


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
    by: UUID | None = None
    """The account that took it, on a phone that may have changed hands since."""
    sent_at: AwareDatetime | None = None
    """The phone's clock at the moment of sending: against ours it tells how far it is off."""

    @model_validator(mode="after")
    def whole_place(self) -> Self:
        """Hold that a place has both its numbers."""
        if (self.lon is None) != (self.lat is None):
            raise ValueError("lon and lat come together")
        return self

    def deed(self, db: Db, codes: CodeBook, by: Actor, now: datetime) -> Deed:
        """Give it as the service takes it, its time put right; the code was scanned on site."""
        check_sender(self.by, by)
        done_at = deed_time(self, received_at=now).done_at if self.done_at else None
        said = self.model_dump(include={"id", "act", "note", "unit_id"}) | {"done_at": done_at}
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
) -> MovedOut:
    """Take a finding one step on; the same step id again changes nothing."""
    deed = body.deed(db, codes, actor, now)
    found = service.take(db, finding_id=finding_id, deed=deed, by=actor, now=now)
    kept = repository.step(db, deed.id)
    told = FindingOut.model_validate(found).model_dump()
    return MovedOut(**told, kept_as=Step(kept.act) if kept else deed.act)


@router.put("/finding-files/{file_id}")
def send_file(sent: Attachment, db: Db, actor: Sender, file_id: UUID) -> FileOut:
    """Keep a photo or a voice note that a step will name; the same id again is the same file."""
    where, allow = actor.area_path, files.PICTURES | files.SOUNDS
    with sent.path.open("rb") as stream:
        kept = files.put(
            db, stream, id=file_id, name=sent.name, by=actor, area_path=where, allow=allow
        )
    return shown(kept)
