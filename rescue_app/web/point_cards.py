"""The cards of one point: print one, and tick who got his."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from gis.authority import Act, Actor, may, require
from gis.store.base import new_id
from hazards.points import service
from hazards.points.models import HazardPoint
from rescue_app import paper_jobs
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.http.printing import Printer
from rescue_app.papers import service as papers
from rescue_app.papers.asked import Paper
from rescue_app.papers.rules import mark_from
from rescue_app.web import flash, paper_making
from rescue_app.web.papers import asked_of
from rescue_app.web.render import page, say

router = APIRouter(include_in_schema=False)


@router.get("/points/{point_id}/cards", name="point_cards")
def show(
    request: Request, db: Db, who: Who, now: Now, point_id: UUID, reach_m: int = papers.REACH_M
) -> Response:
    """Show whom the cards of a point are for, and which are handed out."""
    facts = gathered(db, who, now, service.visible(db, point_id), reach_m)
    return page(request, "papers/point.html", section="points", **facts)


@router.get("/points/{point_id}/cards/{paper}.pdf")
def one(  # noqa: D103 - the address's own words
    request: Request, db: Db, who: Who, now: Now, printer: Printer, point_id: UUID, paper: Paper,
    only: str, reach_m: int = papers.REACH_M,
) -> Response:  # fmt: skip
    point = service.visible(db, point_id)
    said = {"point_id": str(point_id), "only": only, "reach_m": reach_m}
    asked = asked_of(request, paper, point.area_path, printer, who, **said)
    paper_jobs.checked(asked, by=who)
    made = paper_making.at_once(db, asked, now=now)
    return Response(made.content, media_type=made.media_type)


@router.post("/points/{point_id}/cards")
def hand_out(  # noqa: D103 - the form's own words
    request: Request, db: Db, who: Who, now: Now, point_id: UUID, day: Annotated[date, Form()],
    marks: Annotated[list[str], Form(alias="mark")] = [],  # noqa: B006 - FastAPI copies it
    reach_m: Annotated[int, Form()] = papers.REACH_M,
) -> Response:  # fmt: skip
    told = [mark_from(one) for one in marks]
    case = papers.hand_out(
        db, point_id=point_id, marks=told, handed_on=day, by=who, now=now, reach_m=reach_m
    )
    text = say(request, DONE_AND_ASKED if case else "Noted: handed out.")
    return flash.say(RedirectResponse(f"/points/{point_id}/cards?reach_m={reach_m}", 303), text)


DONE_AND_ASKED = (
    "Noted: handed out. Everybody known here has a card now; the ledger has been asked to say so."
)


def gathered(
    db: Session, who: Actor, now: datetime, point: HazardPoint, reach_m: int
) -> dict[str, Any]:
    """Gather whom the cards are for, each with a fresh id for a mark, and who has one."""
    require(who, Act.READ, point.area_path)
    here = papers.round_of(db, point, reach_m=reach_m)
    homes = {row.household_id: row for row in reversed(here.given) if row.household_id}
    names = {row.holder: row for row in reversed(here.given) if row.holder}
    return {
        "point": point, "round": here, "reach_m": reach_m, "today": day_of(now),
        "homes_given": homes, "names_given": names, "new_id": new_id,
        "may_print": may(who, Act.EDIT_POINT, point.area_path),
    }  # fmt: skip
