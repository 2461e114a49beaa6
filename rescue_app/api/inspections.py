"""Inspections over HTTP: what the phones send, once or ten times, in any order."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, model_validator

from qr_codes.inspections import repository, service
from qr_codes.inspections.models import Inspection
from qr_codes.inspections.service import Submitted
from rescue_app.api.findings import FindingOut
from rescue_app.api.visits import Text, VisitIn
from rescue_app.http.codes import Codes
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.http.scanning import look_up

router = APIRouter(prefix="/api/v1", tags=["inspections"])


class InspectionIn(VisitIn):
    """A visit: by the code that was scanned, or by the asset when no label could be."""

    code: Text | None = None
    asset_id: UUID | None = None

    @model_validator(mode="after")
    def says_what(self) -> Self:
        """Refuse a visit to nothing."""
        if (self.code is None) == (self.asset_id is None):
            raise ValueError("give either `code` or `asset_id`")
        return self


class InspectionOut(BaseModel):
    """A visit as it was kept."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    asset_id: UUID
    code_id: UUID | None
    actor_name: str
    outcome: str
    answers: list[dict[str, Any]]
    note: str
    done_at: datetime
    received_at: datetime
    clock_off_s: int
    distance_m: float | None
    far: bool


class SubmittedOut(InspectionOut):
    """A visit as it was kept, and what it led to."""

    new: bool
    opened: list[FindingOut]
    joined: list[FindingOut]

    @classmethod
    def of(cls, done: Submitted) -> Self:
        """Show what a visit led to."""
        own = InspectionOut.model_validate(done.inspection).model_dump()
        opened = [FindingOut.model_validate(one) for one in done.opened]
        joined = [FindingOut.model_validate(one) for one in done.joined]
        return cls(**own, new=done.new, opened=opened, joined=joined)


@router.post("/inspections", status_code=201)
def submit(
    db: Db, actor: Who, now: Now, codes: Codes, body: InspectionIn, response: Response
) -> SubmittedOut:
    """Keep a visit; the same id again answers 200 with what was kept."""
    label = look_up(db, codes, body.code, actor=actor) if body.code else None
    asset_id = label.asset_id if label else body.asset_id
    assert asset_id is not None  # noqa: S101 - says_what holds it
    code_id, visit = (label.id if label else None), body.visit()
    done = service.submit(db, asset_id=asset_id, visit=visit, by=actor, now=now, code_id=code_id)
    response.status_code = 201 if done.new else 200
    return SubmittedOut.of(done)


@router.get("/inspections/{inspection_id}")
def show(db: Db, _: Who, inspection_id: UUID) -> InspectionOut:
    """Give one visit."""
    return as_out(repository.visible(db, inspection_id))


def as_out(inspection: Inspection) -> InspectionOut:
    """Show a visit."""
    return InspectionOut.model_validate(inspection)
