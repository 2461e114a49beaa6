"""A crew's words from its site, by a form: with a photo, a place, or neither."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Response, UploadFile
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from shapely import Point
from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.store import files
from gis.store.base import new_id
from rescue_app.http.codes import Codes
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.http.scanning import on_site
from rescue_app.site import places, service
from rescue_app.site.rules import Need, ReportDraft, ReportKind, Tick

router = APIRouter()
Blank = BeforeValidator(lambda value: None if value == "" else value)


class SiteForm(BaseModel):
    """A report as the crew's page sends it; its number is made with the form."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    id: UUID = Field(default_factory=new_id)
    kind: ReportKind = ReportKind.SITUATION
    words: str = ""
    need: Annotated[Need | None, Blank] = None
    people_moved: Annotated[int | None, Blank] = None
    lon: Annotated[float | None, Blank] = Field(default=None, ge=-180, le=180)
    lat: Annotated[float | None, Blank] = Field(default=None, ge=-90, le=90)
    photo: UploadFile | None = None

    def draft(self, file_ids: tuple[UUID, ...]) -> ReportDraft:
        """Give it as the service takes it."""
        place = None if self.lon is None or self.lat is None else Point(self.lon, self.lat)
        told = self.id, self.kind, self.words, self.need, self.people_moved
        return ReportDraft(*told, place, None, file_ids)


class TickForm(BaseModel):
    """The item of the checklist whose button was pressed; `part` is whose page it was on."""

    id: UUID = Field(default_factory=new_id)
    tick: Annotated[int | None, Blank] = None
    untick: Annotated[int | None, Blank] = None
    part: Annotated[UUID | None, Blank] = None

    def draft(self, now: datetime) -> Tick:
        """Give it as the service takes it; a form in which nothing was pressed has no item."""
        item = next((one for one in (self.tick, self.untick) if one is not None), -1)
        return Tick(self.id, item, self.tick is not None, now)


class ArrivedForm(BaseModel):
    """The order at whose place a label was scanned."""

    id: UUID
    hop: UUID


@router.post("/crew/{hop_id}/reports")
def report(
    db: Db, actor: Who, now: Now, hop_id: UUID, form: Annotated[SiteForm, Form()]
) -> Response:
    """Keep what a crew tells from its site."""
    draft = form.draft(kept_photo(db, actor, form))
    service.report(db, hop_id=hop_id, draft=draft, by=actor, now=now)
    return RedirectResponse(f"/crew?hop={hop_id}", 303)


@router.post("/crew/{hop_id}/ticks")
def tick(db: Db, actor: Who, now: Now, hop_id: UUID, form: Annotated[TickForm, Form()]) -> Response:
    """Tick an item of the order's checklist, or take the tick back."""
    service.tick(db, hop_id=hop_id, draft=form.draft(now), by=actor, now=now)
    where = f"part={form.part}" if form.part else f"hop={hop_id}"
    return RedirectResponse(f"/crew?{where}", 303)


@router.post("/c/{code}/arrived")
def arrived(
    db: Db, actor: Who, now: Now, codes: Codes, code: str, form: Annotated[ArrivedForm, Form()]
) -> Response:
    """Say by a scanned label that a crew is at the place of its order."""
    at = on_site(db, codes, code, actor=actor).asset.place
    places.scanned(
        db, hop_id=form.hop, step_id=form.id, asset=at.centroid, done_at=now, by=actor, now=now
    )
    return RedirectResponse(f"/crew?hop={form.hop}", 303)


def kept_photo(db: Session, actor: Actor, form: SiteForm) -> tuple[UUID, ...]:
    """Take in the photo that came with a form, under a number made from the form's."""
    photo = form.photo
    if photo is None or not photo.filename:
        return ()
    file_id = service.photo_id(form.id)
    files.put(db, photo.file, id=file_id, name=photo.filename, by=actor, area_path=actor.area_path)
    return (file_id,)
