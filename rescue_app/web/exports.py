"""Pages of exports: choose kind and coordinates, get the file at once or find it here later."""

from datetime import datetime
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from gis import crs as systems
from gis.areas.placing import day_of
from gis.errors import Rejected
from gis.exchange.writing.forms import Form as Kind
from rescue_app import exports
from rescue_app.api.points_query import ExportQuery
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import flash
from rescue_app.web.render import page, say

router = APIRouter(include_in_schema=False)
LISTS = ("category", "evidence", "hazard_type", "grade", "state", "area")


@router.get("/exports", name="exports")
def list_page(request: Request, db: Db, who: Who) -> Response:
    """Show what somebody asked for, how far it is, and the files."""
    facts = exports.mine(db, who) | {"seq": request.app.state.hub.seq}
    return page(request, "exports/list.html", section="points", **facts)


@router.post("/exports")
def export(
    request: Request,
    db: Db,
    who: Who,
    now: Now,
    question: Annotated[str, Form()] = "",
    format: Annotated[Kind, Form()] = Kind.CSV,  # noqa: A002 - the form's own word
    crs: Annotated[str, Form()] = systems.WGS84,
    words: Annotated[str, Form()] = "",
) -> Response:
    """Give the file, or promise it."""
    asked = query_of(question, format=format, crs=crs, words=words)
    name = named(request, asked, now)
    if exports.fits(db, asked, now=now):
        return exports.at_once(db, asked, name=name, now=now)
    exports.ask(db, asked, name=name, by=who)
    text = say(request, "The file is being written. It stays here; you may leave this page.")
    return flash.say(RedirectResponse("/exports", 303), text)


def named(request: Request, asked: ExportQuery, now: datetime) -> str:
    """Name the file, with the system its places are in where that is not plain longitude."""
    system = systems.named(asked.crs)
    mark = "" if system == systems.WGS84 else "-" + system.replace(":", "")
    day = day_of(now).isoformat()
    return say(request, "points-{day}", day=day) + f"{mark}.{asked.format.suffix}"


def query_of(question: str, **more: object) -> ExportQuery:
    """Read the question that a list's address holds."""
    given = {n: v if n in LISTS else v[-1] for n, v in parse_qs(question).items()}
    try:
        return ExportQuery.model_validate(given | more)
    except ValidationError as error:
        raise Rejected("This filter cannot be read. Set it again on the list.") from error
