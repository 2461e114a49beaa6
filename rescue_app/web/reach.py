"""A person's own page: on which devices, by which ways in which order, and when it is quiet."""

from datetime import time
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from gis.authority import Actor, within
from gis.errors import Rejected
from hazards.duty import shifts
from rescue_app.channels import repository, service
from rescue_app.channels.rules import PUSH, QuietFor, in_order
from rescue_app.channels.service import ReachDraft
from rescue_app.http.dependencies import Db, Who
from rescue_app.web import flash
from rescue_app.web.render import language, page, say

router = APIRouter(include_in_schema=False)


class ReachForm(BaseModel):
    """Settings as a browser sends them; `up` is the way that is to come one place earlier."""

    ways: list[str] = Field(default_factory=list, max_length=50)
    up: str = ""
    language: str = "zh"
    quiet_from: str = ""
    quiet_to: str = ""
    quiet_for: QuietFor = QuietFor.ROUTINE

    def draft(self) -> ReachDraft:
        """Give it as the service takes it."""
        return ReachDraft(
            tuple(earlier(self.ways, self.up)),
            self.language,
            clock(self.quiet_from),
            clock(self.quiet_to),
            self.quiet_for,
        )


@router.get("/reach", name="reach")
def show(request: Request, db: Db, who: Who) -> Response:
    """Show how this person is reached."""
    return page(request, "channels/reach.html", **facts(request, db, who))


@router.post("/reach")
def keep(request: Request, db: Db, who: Who, form: Annotated[ReachForm, Form()]) -> Response:
    """Keep how this person wants to be reached."""
    service.keep_reach(db, form.draft(), by=who)
    return flash.say(RedirectResponse("/reach", 303), say(request, "Saved."))


@router.post("/reach/devices/{device_id}/end")
def end(request: Request, db: Db, who: Who, device_id: UUID) -> Response:
    """Send no more to one device."""
    service.remove_device(db, device_id, by=who)
    return flash.say(RedirectResponse("/reach", 303), say(request, "This device is rung no more."))


def facts(request: Request, session: Session, who: Actor) -> dict[str, Any]:
    """Read what the page shows."""
    reach = repository.reaches(session, [who.id]).get(who.id)
    names = {PUSH: say(request, "This app on your devices")} | {
        str(each.id): each.name
        for each in repository.gateways(session)
        if within(who.area_path, each.area_path)
    }
    mine = shifts.mine(session, who.id)
    order = in_order(reach.ways if reach else (), list(names))
    return {
        "devices": repository.devices(session, [who.id])[who.id],
        "ways": [(key, names[key]) for key in order],
        "reach": reach,
        "spoken": reach.language if reach else language(request),
        "duties": [(turn, unit, shifts.waiting(session, turn.id)) for turn, unit in mine],
        "colleagues": shifts.colleagues(session, [unit.id for _, unit in mine]),
    }


def earlier(ways: list[str], up: str) -> list[str]:
    """Move one way a place forward."""
    place = ways.index(up) if up in ways else 0
    moved = list(ways)
    if place:
        moved[place - 1], moved[place] = moved[place], moved[place - 1]
    return moved


def clock(text: str) -> time | None:
    """Read a time of day."""
    try:
        return time.fromisoformat(text) if text else None
    except ValueError as error:
        raise Rejected("Write a time of day as 22:00.") from error
