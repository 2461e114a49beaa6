"""Pages that belong to no feature: help, the theme switch, the style guide."""

from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from rescue_app.http.dependencies import Db, MaybeWho, Now, Who
from rescue_app.web.render import page, way_back

router = APIRouter()
COOKIE = "yitong_theme"
YEAR_SECONDS = 365 * 24 * 3600
SCRIPTS = Path(__file__).parent / "static/js"
HAZARD_CODES = (
    "landslide", "collapse", "unstable_rock", "debris_flow", "ground_collapse", "ground_fissure",
    "unstable_slope", "river_flood", "flash_flood", "waterlogging", "dam_breach", "forest_fire",
    "urban_fire", "earthquake", "storm", "freeze", "other",
)  # fmt: skip


class Theme(StrEnum):
    """How the pages look; `system` follows the device."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@router.get("/theme/{theme}", name="set_theme")
def set_theme(request: Request, theme: Theme) -> Response:
    """Keep the look in a cookie; the page's script does the same without leaving the page."""
    response = RedirectResponse(way_back(request), 303)
    if theme is Theme.SYSTEM:
        response.delete_cookie(COOKIE)
    else:
        response.set_cookie(COOKIE, theme, max_age=YEAR_SECONDS, samesite="lax")
    return response


@router.get("/help", name="help")
def show_help(request: Request, _: MaybeWho) -> Response:
    """Explain words, colours and keys."""
    return page(request, "shell/help.html")


@router.get("/styleguide", name="styleguide")
def styleguide(request: Request, _db: Db, _who: Who, now: Now) -> Response:
    """Show every shared part, for whoever builds or judges a page."""
    soon = now + timedelta(minutes=2, seconds=10)
    return page(request, "shell/styleguide.html", hazard_codes=HAZARD_CODES, now=now, soon=soon)


@router.get("/field-worker.js", include_in_schema=False)
def field_worker() -> FileResponse:
    """Give the script that stands between the round's pages and the network.

    It may only look after addresses at and below its own, so it stands at the root.
    """
    return script("field-worker.js")


@router.get("/push-worker.js", include_in_schema=False)
def push_worker() -> FileResponse:
    """Give the script that shows what is pushed to a device; it looks after no page."""
    return script("push-worker.js")


def script(name: str) -> FileResponse:
    """Give a script that browsers ask for anew each time."""
    headers = {"cache-control": "no-cache"}
    return FileResponse(SCRIPTS / name, media_type="text/javascript", headers=headers)
