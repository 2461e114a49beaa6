"""Pages of duty: who is on at each centre and unit, handing over, and where nobody is."""

from datetime import datetime
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from gis.authority import Act, may
from gis.errors import Rejected
from gis.store.base import new_id
from hazards.duty import shifts, turns
from hazards.duty.turns import Offer
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import flash
from rescue_app.web.render import page, say

router = APIRouter(include_in_schema=False)
ZONE = ZoneInfo("Asia/Shanghai")
WAYS_BACK = {"reach": "/reach"}


class TurnForm(BaseModel):
    """What the forms of duty send: whom, until when, and a note or a reason."""

    id: UUID = Field(default_factory=new_id)
    member: UUID | None = None
    until: str = ""
    note: str = ""
    back: str = ""


Sent = Annotated[TurnForm, Form()]


@router.get("/duty/turns", name="duty_turns")
def show(request: Request, db: Db, who: Who, now: Now) -> Response:
    """Show who is on duty, what is offered to whom, and where nobody took over."""
    posts = shifts.posts(db, who.area_path)
    told = {"posts": posts, "now": now, "seq": request.app.state.hub.seq}
    told["colleagues"] = shifts.colleagues(db, [post.unit.id for post in posts])
    told["manages"] = may(who, Act.MANAGE_PEOPLE, who.area_path)
    return page(request, "duty/turns.html", section="duty", **told)


@router.post("/duty/turns")
def begin(request: Request, db: Db, who: Who, now: Now, form: Sent) -> Response:
    """Put somebody on duty."""
    turns.begin(db, member_id=chosen(form), until=moment(form.until), by=who, now=now)
    return back(request, form, "On duty. Orders and warnings call him first.")


@router.post("/duty/turns/{turn_id}/offer")
def offer(request: Request, db: Db, who: Who, now: Now, turn_id: UUID, form: Sent) -> Response:
    """Offer a turn to who takes over; he is called and answers."""
    offered = Offer(turn_id, chosen(form), form.note, moment(form.until), form.id)
    turns.offer(db, offered, by=who, now=now)
    return back(request, form, "Called. The duty passes when he answers.")


@router.post("/duty/turns/{turn_id}/take-back")
def take_back(request: Request, db: Db, who: Who, now: Now, turn_id: UUID, form: Sent) -> Response:
    """Wait no longer for who was asked to take over."""
    turns.take_back(db, turn_id, by=who, now=now)
    return back(request, form, "He is asked no more. Ask another.")


@router.post("/duty/turns/{turn_id}/leave")
def leave(request: Request, db: Db, who: Who, now: Now, turn_id: UUID, form: Sent) -> Response:
    """End a turn that nobody took over."""
    turns.leave(db, turn_id, why=form.note, by=who, now=now)
    return back(request, form, "Ended without a hand-over. The centre sees it.")


def chosen(form: TurnForm) -> UUID:
    """Give who was chosen."""
    if form.member is None:
        raise Rejected("Choose who takes the duty.")
    return form.member


def moment(text: str) -> datetime | None:
    """Read a time as the city's clocks show it."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZONE) if text else None
    except ValueError as error:
        raise Rejected("Write day and time as 2026-07-01 08:00.") from error


def back(request: Request, form: TurnForm, text: str) -> Response:
    """Go back to the page the form was on and say there what was done."""
    way = WAYS_BACK.get(form.back, "/duty/turns")
    return flash.say(RedirectResponse(way, 303), say(request, text))
