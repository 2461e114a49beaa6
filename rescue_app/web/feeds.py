"""The page of ways in for readings: setting one up, its key shown once, how each is doing."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require
from gis.errors import Rejected
from gis.store.base import new_id
from hazards.monitoring import feeds, thinning
from hazards.monitoring.feeds import FeedDraft
from rescue_app.http.dependencies import Db, Who
from rescue_app.web import flash
from rescue_app.web.render import page, say

router = APIRouter(include_in_schema=False)
USUAL_PER_MINUTE = 10_000


class FeedForm(BaseModel):
    """A way in as a browser sends it."""

    id: UUID = Field(default_factory=new_id)
    name: str = ""
    source: str = ""
    per_minute: int = USUAL_PER_MINUTE
    active: bool = False

    def draft(self) -> FeedDraft:
        """Give it as the service takes it."""
        return FeedDraft(**self.model_dump())


Sent = Annotated[FeedForm, Form()]


@router.get("/feeds", name="feeds")
def show(request: Request, db: Db, who: Who) -> Response:
    """Show every way in and how it is doing."""
    return page(request, "monitoring/feeds.html", section="monitoring", **facts(request, db, who))


@router.post("/feeds")
def keep(request: Request, db: Db, who: Who, form: Sent) -> Response:
    """Set one up or change it, or show the form again with what is wrong."""
    try:
        feeds.keep(db, form.draft(), by=who)
    except Rejected as problem:
        told = facts(request, db, who) | {"typed": form}
        told["problem"] = say(request, problem.text, **problem.values)
        return page(request, "monitoring/feeds.html", status=422, section="monitoring", **told)
    return flash.say(RedirectResponse("/feeds", 303), say(request, "Saved."))


@router.post("/feeds/{feed_id}/key")
def renew(request: Request, db: Db, who: Who, feed_id: UUID) -> Response:
    """Make the key anew and show it this once."""
    key = feeds.new_key(db, feed_id, by=who)
    told = facts(request, db, who) | {"made": {"id": feed_id, "key": key}}
    shown = page(request, "monitoring/feeds.html", section="monitoring", **told)
    shown.headers["cache-control"] = "no-store"
    return shown


def facts(request: Request, session: Session, who: Actor) -> dict[str, Any]:
    """Read what the page shows."""
    require(who, Act.MANAGE_FEEDS, who.area_path)
    typed = FeedForm(active=True)
    kept = {"keeping": request.app.state.settings.keeping, "thinned": thinning.thinned(session)}
    told = {"feeds": feeds.listed(session), "typed": typed, "problem": "", "made": None}
    return told | kept
