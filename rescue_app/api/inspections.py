"""Inspections over HTTP: what the phones send, once or ten times, in any order."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, model_validator

from hazards.photos import repository as promises
from hazards.photos import service as photos
from hazards.photos.models import VisitPhoto
from hazards.photos.rules import VOICE
from qr_codes.inspections import repository, service
from qr_codes.inspections.models import Inspection
from qr_codes.inspections.service import Submitted
from rescue_app.api.files import FileOut, shown
from rescue_app.api.findings import FindingOut
from rescue_app.api.visits import Text, VisitIn
from rescue_app.http.codes import Codes
from rescue_app.http.dependencies import Db, Now, Sender, Who
from rescue_app.http.receiving import Attachment
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


class PhotoOut(BaseModel):
    """A photo or a voice note of a visit; without `received_at` it is still on the phone."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: str
    taken_at: datetime
    received_at: datetime | None
    accuracy_m: float | None
    item: str


class ShownOut(InspectionOut):
    """A visit as it was kept, with its photos."""

    photos: list[PhotoOut]

    @classmethod
    def of(cls, visit: Inspection, taken: Sequence[VisitPhoto]) -> Self:
        """Show a visit."""
        own = InspectionOut.model_validate(visit).model_dump()
        return cls(**own, photos=[PhotoOut.model_validate(one) for one in taken])


class SubmittedOut(InspectionOut):
    """A visit as it was kept, and what it led to.

    `conflict` is where somebody looks at it, because something contradicts it.
    """

    new: bool
    conflict: UUID | None
    opened: list[FindingOut]
    joined: list[FindingOut]

    @classmethod
    def of(cls, done: Submitted) -> Self:
        """Show what a visit led to."""
        own = InspectionOut.model_validate(done.inspection).model_dump()
        opened = [FindingOut.model_validate(one) for one in done.opened]
        joined = [FindingOut.model_validate(one) for one in done.joined]
        return cls(**own, new=done.new, opened=opened, joined=joined, conflict=done.conflict)


@router.post("/inspections", status_code=201)
def submit(
    db: Db, actor: Who, now: Now, codes: Codes, body: InspectionIn, response: Response
) -> SubmittedOut:
    """Keep a visit; the same id again answers 200 with what was kept.

    Another content under the same id is kept too, under an id of its own, for review.
    """
    label = look_up(db, codes, body.code, actor=actor) if body.code else None
    asset_id = label.asset_id if label else body.asset_id
    assert asset_id is not None  # noqa: S101 - says_what holds it
    said: dict[str, Any] = {"visit": body.visit(actor), "code_id": label.id if label else None}
    said["promised"] = body.promised()
    done = service.submit(db, asset_id=asset_id, by=actor, now=now, **said)
    response.status_code = 201 if done.new else 200
    return SubmittedOut.of(done)


@router.put("/photos/{photo_id}")
def send_photo(sent: Attachment, db: Db, actor: Sender, now: Now, photo_id: UUID) -> FileOut:
    """Keep a picture of a visit; before the visit or after it, once or ten times."""
    with sent.path.open("rb") as stream:
        kept = photos.take_in(db, stream, photo_id=photo_id, name=sent.name, by=actor, now=now)
    return shown(kept)


@router.put("/voices/{voice_id}")
def send_voice(sent: Attachment, db: Db, actor: Sender, now: Now, voice_id: UUID) -> FileOut:
    """Keep a voice note of a visit; before the visit or after it, once or ten times."""
    said: dict[str, Any] = {"photo_id": voice_id, "kind": VOICE, "by": actor, "now": now}
    with sent.path.open("rb") as stream:
        return shown(photos.take_in(db, stream, name=sent.name, **said))


@router.get("/inspections/{inspection_id}")
def show(db: Db, _: Who, inspection_id: UUID) -> ShownOut:
    """Give one visit with its photos, come or not."""
    visit = repository.visible(db, inspection_id)
    return ShownOut.of(visit, promises.of(db, visit.id))
