"""The page of an area's modes: what holds, who decided it, and the switch."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from gis.areas import repository as areas
from gis.authority import Act, Actor, may
from gis.errors import Missing, Rejected
from gis.store.base import new_id
from hazards.modes import repository
from hazards.modes.rules import Mode
from hazards.tasks.switching import Turned
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.levels import following
from rescue_app.web import flash, mode_words
from rescue_app.web.map import shown_area
from rescue_app.web.points_view import areas_read
from rescue_app.web.render import page, say

router = APIRouter(include_in_schema=False)
Facts = dict[str, Any]


@router.get("/modes", name="modes")
def show_modes(
    request: Request, db: Db, actor: Who, now: Now, area: Annotated[str | None, Query()] = None
) -> Response:
    """Show the mode of an area and of what lies in it."""
    facts = around(request, db, actor, shown_area(actor, area), now)
    return page(request, "modes/page.html", seq=request.app.state.hub.seq, **facts)


@router.post("/modes")
def switch(  # noqa: D103 - the form's own words
    request: Request,
    db: Db,
    actor: Who,
    now: Now,
    id: Annotated[UUID, Form()],  # noqa: A002 - the form's word
    area: Annotated[str, Form()],
    mode: Annotated[Mode, Form()],
    reason: Annotated[str, Form(max_length=100_000)] = "",
) -> Response:
    try:
        done = following.switch_by_hand(
            db, id=id, area_path=area, mode=mode, reason=reason, by=actor, now=now
        )
    except Rejected as trouble:
        return again(request, db, actor, area, now, mode=mode, problem=trouble)
    return told(request, done, area)


def around(request: Request, session: Session, actor: Actor, focus: str, now: datetime) -> Facts:
    """Gather what stands on the page of an area."""
    here = areas.by_path(session, focus)
    if here is None:
        raise Missing("There is no such area for you.")
    below, history = repository.below(session, focus, now), repository.history(session, focus)
    row = repository.standing(session, focus, now)
    paths = {each.area_path for each in (*below, *history)} | ({row.area_path} if row else set())
    inside = areas.children(session, focus)
    return {
        "area": here,
        "row": row,
        "mode": Mode(row.mode) if row else Mode.PEACE,
        "below": below,
        "history": history,
        "names": areas_read(request, session, paths | {focus}, now),
        "trail": [a for a in areas.lineage(session, focus) if a.path.startswith(actor.area_path)],
        "inside": inside,
        "may_switch": may(actor, Act.SWITCH_MODE, focus),
        "switch_id": new_id(),
        "because": mode_words.reasons(request, session),
        "chosen": None,
        "problem": "",
    }


def again(
    request: Request,
    session: Session,
    actor: Actor,
    area: str,
    now: datetime,
    *,
    mode: Mode,
    problem: Rejected,
) -> Response:
    """Bring the form back with the reason; what was chosen stays chosen."""
    facts = around(request, session, actor, shown_area(actor, area), now)
    facts |= {"chosen": mode, "problem": say(request, problem.text, **problem.values)}
    return page(request, "modes/page.html", status=422, seq=request.app.state.hub.seq, **facts)


def told(request: Request, done: Turned, area: str) -> Response:
    """Go back to the area's page and say what the switch did."""
    text = "It stands so already."
    if done.switched.new:
        text = "Switched. {started} lists started, {cancelled} cancelled. Every centre is told."
    counted = {"started": f"{done.started:,}", "cancelled": f"{done.cancelled:,}"}
    said = say(request, text, **counted)
    return flash.say(RedirectResponse(f"/modes?area={area}", 303), said)
