"""The cards of one point: print one, tick who got his, put right what was noted wrongly."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from gis.authority import Act, require
from hazards.points import service
from rescue_app import paper_jobs
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.http.printing import Printer
from rescue_app.papers import handing
from rescue_app.papers.asked import Paper
from rescue_app.papers.handing import Correction
from rescue_app.papers.rules import REACH_M, mark_from
from rescue_app.web import flash, paper_making, point_cards_view
from rescue_app.web.papers import asked_of
from rescue_app.web.render import page, say

router = APIRouter(include_in_schema=False)
DONE = "Noted: handed out."
DONE_AND_ASKED = (
    "Noted: handed out. Everybody known here has a card now; the ledger has been asked to say so."
)
CORRECTED = "Corrected. What it said before stays in the history."
CORRECTED_AND_ASKED = "Corrected. The ledger has been asked to say what is so now."


@router.get("/points/{point_id}/cards", name="point_cards")
def show(
    request: Request, db: Db, who: Who, now: Now, printer: Printer, point_id: UUID,
    reach_m: int = REACH_M,
) -> Response:  # fmt: skip
    """Show whom the cards of a point are for, and which are handed out."""
    point = service.visible(db, point_id)
    require(who, Act.READ, point.area_path)
    asked = asked_of(request, Paper.WORK, point.area_path, printer, who,
                     point_id=str(point_id), reach_m=reach_m)  # fmt: skip
    facts = point_cards_view.gathered(db, point, asked, who=who, now=now)
    return page(request, "papers/point.html", section="points", **facts)


@router.get("/points/{point_id}/cards/{paper}.pdf")
def one(  # noqa: D103 - the address's own words
    request: Request, db: Db, who: Who, now: Now, printer: Printer, point_id: UUID, paper: Paper,
    only: str, reach_m: int = REACH_M,
) -> Response:  # fmt: skip
    point = service.visible(db, point_id)
    said = {"point_id": str(point_id), "only": only, "reach_m": reach_m}
    asked = asked_of(request, paper, point.area_path, printer, who, **said)
    paper_jobs.checked(asked, by=who)
    content, made = paper_making.at_once(db, asked, now=now)
    return Response(content, media_type=made.media_type)


@router.post("/points/{point_id}/cards")
def hand_out(  # noqa: D103 - the form's own words
    request: Request, db: Db, who: Who, now: Now, point_id: UUID, day: Annotated[date, Form()],
    marks: Annotated[list[str], Form(alias="mark")] = [],  # noqa: B006 - FastAPI copies it
    reach_m: Annotated[int, Form()] = REACH_M,
) -> Response:  # fmt: skip
    told = [mark_from(one) for one in marks]
    case = handing.hand_out(
        db, point_id=point_id, marks=told, handed_on=day, by=who, now=now, reach_m=reach_m
    )
    return back(request, point_id, reach_m, DONE_AND_ASKED if case else DONE)


@router.post("/points/{point_id}/cards/{note_id}")
def correct(  # noqa: D103 - the form's own words
    request: Request, db: Db, who: Who, now: Now, point_id: UUID, note_id: UUID,
    id: Annotated[UUID, Form()],  # noqa: A002 - the correction's own id
    reason: Annotated[str, Form()] = "", day: Annotated[date | None, Form()] = None,
    undone: Annotated[bool, Form()] = False, reach_m: Annotated[int, Form()] = REACH_M,
) -> Response:  # fmt: skip
    said = Correction(id, note_id, None if undone else day, reason)
    case = handing.correct(db, said, point_id=point_id, by=who, now=now, reach_m=reach_m)
    return back(request, point_id, reach_m, CORRECTED_AND_ASKED if case else CORRECTED)


def back(request: Request, point_id: UUID, reach_m: int, told: str) -> Response:
    """Lead back to the cards with a word of what was done."""
    to = RedirectResponse(f"/points/{point_id}/cards?reach_m={reach_m}", 303)
    return flash.say(to, say(request, told))
