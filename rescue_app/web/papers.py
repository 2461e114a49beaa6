"""The page of paper: choose what and where, let it be made, fetch it."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from gis.areas import repository as areas
from gis.areas.placing import day_of
from gis.authority import Act, Actor, may, within
from gis.errors import Missing
from rescue_app import paper_jobs
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.http.printing import Press, Printer
from rescue_app.papers.asked import Asked, Paper
from rescue_app.papers.rules import REACH_M
from rescue_app.web import flash
from rescue_app.web.render import language, page, say

router = APIRouter(include_in_schema=False)
Size = Literal["a4", "a3"]
NAMES = {
    Paper.REFUGE: "refuge-cards-{area}-{day}", Paper.WORK: "work-cards-{area}-{day}",
    Paper.MAP: "hazard-map-{area}-{day}",
    Paper.ATLAS: "atlas-{area}-{day}", Paper.BRIEF: "brief-{area}-{day}",
}  # fmt: skip


@router.get("/papers", name="papers")
def show(
    request: Request, db: Db, who: Who, now: Now, under: str = "", paper: Paper = Paper.REFUGE
) -> Response:
    """Show what can be made here, and what somebody let be made."""
    facts = gathered(db, who, under or who.area_path, now) | {"paper": paper}
    facts |= {"seq": request.app.state.hub.seq}
    return page(request, "papers/page.html", section="points", **facts)


@router.post("/papers")
def let_make(  # noqa: D103 - the form's own words
    request: Request, db: Db, who: Who, now: Now, printer: Printer,
    paper: Annotated[Paper, Form()], under: Annotated[str, Form()] = "",
    reach_m: Annotated[int, Form()] = REACH_M, size: Annotated[Size, Form()] = "a4",
    point: Annotated[str, Form()] = "", private: Annotated[bool, Form()] = False,
    again: Annotated[bool, Form()] = False,
) -> Response:  # fmt: skip
    path = under or who.area_path
    said = {"point_id": point or None, "reach_m": reach_m, "size": size, "private": private,
            "again": again}  # fmt: skip
    asked = asked_of(request, paper, path, printer, who, **said)
    paper_jobs.ask(db, asked, name=named(request, db, asked, now), by=who)
    text = say(request, "The paper is being made. It stays here; you may leave this page.")
    return flash.say(RedirectResponse(f"/papers?under={path}&paper={paper}", 303), text)


def asked_of(
    request: Request, paper: Paper, under: str, press: Press, who: Actor, **said: Any
) -> Asked:
    """Say what is asked for; an area outside one's own does not exist."""
    if not within(under, who.area_path):
        raise Missing("There is no such area in yours. Choose one from the list.")
    return Asked(
        paper=paper, under=under, public_url=press.public_url, emergency=press.emergency,
        numbers=dict(press.numbers), locale=language(request), who=who.name, **said,
    )  # fmt: skip


def named(request: Request, db: Session, asked: Asked, now: datetime) -> str:
    """Name the file."""
    area = areas.by_path(db, asked.under, day_of(now))
    where = area.name if area else ""
    return say(request, NAMES[Paper(asked.paper)], area=where, day=day_of(now).isoformat())


def gathered(db: Session, who: Actor, under: str, now: datetime) -> dict[str, Any]:
    """Gather what stands on the page."""
    here = areas.by_path(db, under, day_of(now)) if within(under, who.area_path) else None
    if here is None:
        raise Missing("There is no such area in yours. Choose one from the list.")
    trail = [one for one in areas.lineage(db, here.path) if within(one.path, who.area_path)]
    facts: dict[str, Any] = {"here": here, "trail": trail, "below": areas.children(db, here.path)}
    facts |= {"may_print": may(who, Act.EDIT_POINT, here.path), "reach_m": REACH_M}
    return facts | paper_jobs.mine(db, who)
