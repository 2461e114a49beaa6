"""The warnings in force, for everyone without sign-in: page, feed, and "am I in danger here".

Page and feed are made once for all readers and answered from memory until something changes.
"""

from datetime import UTC, datetime
from hashlib import blake2b
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, BeforeValidator
from sqlalchemy.orm import Session

from gis import geometry
from gis.areas import repository as areas
from gis.areas.placing import day_of, path_at
from gis.errors import Rejected
from hazards.alerts import public
from rescue_app.http.dependencies import Db, Now
from rescue_app.http.scanning import as_anyone
from rescue_app.http.warned import Warned, held
from rescue_app.web.points_view import area_names
from rescue_app.web.render import LANGUAGE_COOKIE, YEAR, language, page, say

router = APIRouter(include_in_schema=False)
HEADERS = {"cache-control": "public, max-age=10", "vary": "cookie"}
ATOM = "application/atom+xml; charset=utf-8"
HTML = "text/html; charset=utf-8"
FRESH = {"cache-control": "public, max-age=3"}
PATH = r"^/(\d{1,12}/){0,8}$"
MOST_AREAS = 6
Blank = BeforeValidator(lambda value: value or None)


class Asked(BaseModel):
    """Where somebody asks about: a position, or the name of a street or district."""

    q: str = ""
    lon: Annotated[float | None, Blank] = None
    lat: Annotated[float | None, Blank] = None


@router.get("/warnings", name="public_warnings")
async def show(request: Request) -> Response:
    """Show what is in force."""
    answer = await kept(request, "public/warnings.html", HTML)
    if "lang" in request.query_params:
        answer.set_cookie(LANGUAGE_COOKIE, language(request), max_age=YEAR, samesite="lax")
    return answer


@router.get("/warnings/feed.atom", name="warnings_feed")
async def feed(request: Request) -> Response:
    """Give what is in force as an Atom feed, for readers and other programs."""
    return await kept(request, "public/feed.xml", ATOM)


@router.get("/warnings/state", name="warnings_state")
async def state(request: Request, at: Annotated[str, Query(pattern=PATH)]) -> Response:
    """Give a sign that changes when what is in force in an area changes; open pages ask it."""
    warned = await current(request)
    return Response(public.state_of(warned.played, at), media_type="text/plain", headers=FRESH)


@router.get("/warnings/here", name="warnings_here")
def here(request: Request, db: Db, now: Now, asked: Annotated[Asked, Query()]) -> Response:
    """Say whether a place is in danger."""
    with as_anyone(db, request.state.actor):
        facts = looked_up(request, db, asked, now)
    return page(request, "public/here.html", asked=asked, **facts)


async def kept(request: Request, template: str, media_type: str) -> Response:
    """Answer with a page from memory; made anew only when something has changed."""
    warned = await current(request)
    name = f"{template} {language(request)}"
    if name not in warned.pages:
        request.state.actor = None  # the same for everyone
        facts: dict[str, Any] = {"alerts": warned.alerts, "now": datetime.now(UTC)}
        facts |= {"home": home(request), "changed_at": warned.changed_at}
        warned.pages[name] = bytes(page(request, template, **facts).body)
    return known(request, warned.pages[name], media_type)


async def current(request: Request) -> Warned:
    """Give what is in force; read again only when that may have changed."""
    warned = held(request.app)
    now = datetime.now(UTC)
    if not warned.fresh(now):
        await run_in_threadpool(warned.read, now)
    return warned


def known(request: Request, body: bytes, media_type: str) -> Response:
    """Answer with what is at hand, or 304 to who has it."""
    etag = f'"{blake2b(body, digest_size=12).hexdigest()}"'
    headers = HEADERS | {"etag": etag}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


def home(request: Request) -> str:
    """Give the address others reach us by; never what an asker says of it, as many read it."""
    told: str = request.app.state.settings.label_url
    return told.rstrip("/")


def looked_up(request: Request, db: Session, asked: Asked, now: datetime) -> dict[str, Any]:
    """Find what holds where somebody asks about."""
    day = day_of(now)
    found: list[tuple[str, public.Warned]] = []
    problem = ""
    try:
        if asked.lon is not None and asked.lat is not None:
            place = geometry.point(asked.lon, asked.lat)
            path = path_at(db, place, day=day)
            named = [] if path is None else [areas.by_path(db, path, day)]
            warned = public.at(db, place, path, now=now) if path else ()
            found = [(said(request, area), warned) for area in named if area]
        elif asked.q.strip():
            names = areas.matching(db, asked.q.strip()[:40], day, limit=MOST_AREAS)
            above = area_names(db, (area.path for area in names), now)
            found = [
                (above.get(area.path) or said(request, area),
                 public.in_area(db, area.path, now=now, day=day))
                for area in names
            ]  # fmt: skip
    except Rejected as trouble:
        problem = say(request, trouble.text, **trouble.values)
    return {"found": found, "problem": problem, "now": now}


def said(request: Request, area: Any) -> str:
    """Give an area's name in the reader's language."""
    return str(area.name if language(request) == "zh" or not area.name_en else area.name_en)
