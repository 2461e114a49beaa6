"""Pages of the review: how a night went, its files, and what it is measured by."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from gis.errors import Missing, Rejected
from gis.exchange.writing.forms import CODES
from gis.exchange.writing.forms import Form as Kind
from rescue_app import review_report
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.incidents import service as incidents
from rescue_app.review import service
from rescue_app.review.timeline import Wanted
from rescue_app.web import flash
from rescue_app.web import review_view as view
from rescue_app.web.render import language, page, say
from rescue_app.web.review_files import named, saved
from rescue_app.web.review_words import table

router = APIRouter(include_in_schema=False)
FORMS = (Kind.CSV, Kind.GEOPACKAGE)
Word = Annotated[str, Query(max_length=40)]


def asked_for(of: Word = "", lane: Word = "", order: UUID | None = None) -> Wanted:
    """Read which lines of the timeline are looked at."""
    return Wanted(of, lane, order)


Asked = Annotated[Wanted, Depends(asked_for)]


@router.get("/reviews/indicators", name="review_indicators")
def show_indicators(request: Request, db: Db, actor: Who) -> Response:
    """Show what nights are measured by."""
    return page(request, "review/indicators.html", **view.indicators(request, db, actor))


@router.post("/reviews/indicators/{code}")
def set_target(
    request: Request, db: Db, actor: Who, code: str, target: Annotated[str, Form(max_length=12)]
) -> Response:
    """Set the target of an indicator."""
    try:
        service.set_target(db, code=code, target=number(target), by=actor)
    except Rejected as problem:
        facts = view.indicators(request, db, actor, problem, code)
        return page(request, "review/indicators.html", status=422, **facts)
    text = say(request, "Set. Every review is measured by it from now on.")
    return flash.say(RedirectResponse("/reviews/indicators", 303), text)


def number(said: str) -> float:
    """Read a figure."""
    try:
        return float(said)
    except ValueError:
        raise Rejected("Write a number, digits only.") from None


@router.get("/incidents/{incident_id}/review", name="review")
def show_review(  # noqa: D103 - the page's own name
    request: Request,
    db: Db,
    actor: Who,
    now: Now,
    incident_id: UUID,
    asked: Asked,
    number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1,
    whole: bool = False,
) -> Response:
    facts = view.facts(
        request, db, actor, now, incident_id, wanted=asked, number=number, whole=whole
    )
    return page(request, "review/page.html", **facts)


@router.get("/incidents/{incident_id}/review/timeline.{form}")
def save_timeline(
    request: Request, db: Db, _: Who, now: Now, incident_id: UUID, form: str, in_words: bool = False
) -> Response:
    """Give the whole timeline as a file: in codes for programs, or in the reader's words."""
    if form not in FORMS:
        raise Missing("The timeline is a .csv or a .gpkg file.")
    wording = table(partial(say, request)) if in_words else CODES
    return saved(request, db, incident_id, Kind(form), now, wording)


@router.post("/incidents/{incident_id}/review/report")
def ask_report(request: Request, db: Db, actor: Who, now: Now, incident_id: UUID) -> Response:
    """Let the review be printed."""
    incident = incidents.visible(db, incident_id)
    name = f"{named(request, incident.title, incident.is_drill, now)}.pdf"
    locale = language(request)
    review_report.ask(db, incident_id=incident_id, name=name, locale=locale, by=actor)
    text = say(request, "The report is being set. It stays here; you may leave this page.")
    return flash.say(RedirectResponse(f"/incidents/{incident_id}/review#files", 303), text)
