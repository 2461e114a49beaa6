"""Findings over HTTP: read them, move them on."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from qr_codes.findings import repository, service
from qr_codes.findings.repository import Wanted
from qr_codes.findings.rules import State, Step
from qr_codes.findings.service import Seen
from rescue_app.http.dependencies import Db, Now, Who

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
def move_finding(db: Db, actor: Who, now: Now, finding_id: UUID, body: StepIn) -> FindingOut:
    """Move a finding on; the same step id again changes nothing."""
    seen = Seen(by=actor, done_at=now, received_at=now, inspection_id=None)
    found = service.move(
        db, finding_id=finding_id, step_id=body.id, step=body.act, note=body.note, seen=seen
    )
    return FindingOut.model_validate(found)
