"""Turn a template and its facts into a page in the reader's language."""

from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from rescue_app.web import agents, moments, words

TEMPLATES = Path(__file__).parent / "templates"
LANGUAGE_COOKIE = "yitong_lang"
YEAR = 365 * 24 * 3600
LOCAL_ZONE = ZoneInfo("Asia/Shanghai")


def local_time(at: datetime | None, form: str = "%Y-%m-%d %H:%M:%S") -> str:
    """Show a time as the clocks of the city do."""
    return at.astimezone(LOCAL_ZONE).strftime(form) if at else ""


@cache
def templates() -> Environment:
    """Open the templates once; a name that is not given is an error, not an empty place."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )
    made.filters["local_time"] = local_time
    made.filters["moment"] = datetime.fromisoformat
    made.filters["ago"] = moments.ago
    made.filters["device"] = agents.device
    return made


def language(request: Request) -> str:
    """Give the reader's language."""
    return words.choose(request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE))


def say(request: Request, text: str, **values: object) -> str:
    """Say a message in the reader's language."""
    return words.translate(language(request), text, **values)


def page(request: Request, name: str, *, status: int = 200, **facts: Any) -> HTMLResponse:
    """Render a page; beside its facts it knows `_`, `locale`, `actor`, `mode_here()`, `request`."""
    locale = language(request)
    told = {
        "_": partial(words.translate, locale),
        "locale": locale,
        "actor": getattr(request.state, "actor", None),
        "mode_here": getattr(request.state, "mode_here", None),
        "request": request,
        "status": status,
    }
    response = HTMLResponse(templates().get_template(name).render(told | facts), status)
    if "lang" in request.query_params:
        response.set_cookie(LANGUAGE_COOKIE, locale, max_age=YEAR, samesite="lax")
    return response
