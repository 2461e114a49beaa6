"""The page of those who send us warnings: set up, their keys, a file by hand, what came of it."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, may, require
from gis.errors import PlatformError, Rejected
from gis.store.base import new_id
from hazards.calls.program import as_program
from hazards.cap import repository, service, sources
from hazards.cap.models import CapMessage, CapSource
from hazards.cap.parsing import MOST_BYTES
from hazards.cap.service import Taken, Way
from hazards.cap.sources import SourceDraft
from hazards.points import types
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import flash
from rescue_app.web.render import page, say

router = APIRouter(include_in_schema=False)
HERE = "/alerts/sources"
Whose = Annotated[UUID, Form()]


class SourceForm(BaseModel):
    """A source as a browser sends it."""

    id: UUID = Field(default_factory=new_id)
    name: str = ""
    senders: str = ""
    hazard_type: str = "other"
    at_once: bool = False
    needs_signature: bool = False
    certificates: str = ""
    feed_url: str = ""
    every_minutes: int = 1
    active: bool = False

    def draft(self) -> SourceDraft:
        """Give it as the service takes it."""
        return SourceDraft(**self.model_dump())


@router.get(HERE, name="cap_sources")
def show(request: Request, db: Db, who: Who) -> Response:
    """Show every source, what came last and what was refused."""
    seq = request.app.state.hub.seq
    return page(request, "alerts/sources.html", section="alerts", seq=seq, **facts(db, who))


@router.post(HERE)
def keep(request: Request, db: Db, who: Who, form: Annotated[SourceForm, Form()]) -> Response:
    """Set one up or change it, or show the form again with what is wrong."""
    try:
        sources.keep(db, form.draft(), by=who)
    except Rejected as problem:
        return again(
            request, db, who, typed=form, problem=say(request, problem.text, **problem.values)
        )
    return flash.say(RedirectResponse(HERE, 303), say(request, "Saved."))


@router.post(HERE + "/{source_id}/key")
def renew(request: Request, db: Db, who: Who, source_id: UUID) -> Response:
    """Make the key anew and show it this once."""
    key = sources.new_key(db, source_id, by=who)
    shown = again(request, db, who, status=200, made={"id": source_id, "key": key})
    shown.headers["cache-control"] = "no-store"
    return shown


@router.post(HERE + "/file")
def bring(
    request: Request,
    db: Db,
    who: Who,
    now: Now,
    file: UploadFile,
    source_id: Annotated[UUID, Form()],
) -> Response:
    """Take a message out of a file; it waits for somebody else's approval."""
    done = brought(db, who, now, file, sources.visible(db, source_id))
    if isinstance(done, PlatformError):
        return again(request, db, who, problem=say(request, done.text, **done.values))
    return flash.say(RedirectResponse(where(done.message), 303), said(request, done.again))


def brought(
    db: Session, who: Actor, now: datetime, file: UploadFile, source: CapSource
) -> Taken | PlatformError:
    """Take the file in, or keep why not."""
    require(who, Act.PROPOSE_ALERT, who.area_path)
    sources.check_active(source)
    body, name = file.file.read(MOST_BYTES + 1), (file.filename or "")[:200]
    way = Way("file", by_name=who.name, at_once=False)
    with as_program(db):
        return service.attempt(db, body, source=source, way=way, now=now, about=name)


@router.get("/alerts/messages/{message_id}.xml", name="cap_came")
def raw(db: Db, _: Who, message_id: UUID) -> Response:
    """Give a message as it came, as a file to be kept and not to be opened here."""
    body = repository.message(db, message_id).body
    headers = {"content-disposition": f'attachment; filename="{message_id}.xml"'}
    return Response(body, media_type="application/xml", headers=headers)


def where(kept: CapMessage) -> str:
    """Give the page of what a message made, else the page of sources."""
    return f"/alerts/{kept.alert_ids[0]}" if kept.alert_ids else HERE


def said(request: Request, again: bool) -> str:
    """Say that a message was taken, or was here already."""
    return say(request, "This message was here already." if again else "The message was taken in.")


def again(request: Request, db: Session, who: Actor, *, status: int = 422, **told: Any) -> Response:
    """Show the page with what was entered, what is wrong, or a key."""
    shown = facts(db, who) | {"seq": request.app.state.hub.seq, "section": "alerts"} | told
    return page(request, "alerts/sources.html", status=status, **shown)


def facts(session: Session, who: Actor) -> dict[str, Any]:
    """Read what the page shows."""
    require(who, Act.PROPOSE_ALERT, who.area_path)
    kinds = [kind for kind in types.all_types(session) if kind.active]
    found = repository.sources(session)
    return {
        "sources": found,
        "names": {one.id: one.name for one in found},
        "kinds": kinds,
        "came": repository.latest(session),
        "refused": repository.refusals(session),
        "manages": may(who, Act.MANAGE_FEEDS, who.area_path),
        "mine": {one.id for one in found if may(who, Act.MANAGE_FEEDS, one.area_path)},
        "may_issue": may(who, Act.ISSUE_ALERT, who.area_path),
        "typed": SourceForm(active=True),
        "problem": "",
        "made": None,
    }
