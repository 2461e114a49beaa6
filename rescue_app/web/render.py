"""Turn a template and its facts into a page in the reader's language."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, meta
from jinja2.environment import TemplateModule

from gis.authority import Actor
from rescue_app.web import agents, moments, words

TEMPLATES = Path(__file__).parent / "templates"
LANGUAGE_COOKIE = "yitong_lang"
WHOSE_COOKIE = "yitong_who"
"""Whose phone this is now, for pages that it kept: no secret, it opens nothing."""
NOBODY = "nobody"
YEAR = 365 * 24 * 3600
LOCAL_ZONE = ZoneInfo("Asia/Shanghai")


def local_time(at: datetime | None, form: str = "%Y-%m-%d %H:%M:%S") -> str:
    """Show a time as the clocks of the city do."""
    return at.astimezone(LOCAL_ZONE).strftime(form) if at else ""


KNOWN = {"_", "ngettext", "locale", "actor", "mode_here", "request", "status"}
"""What every page knows, and nothing else may come by these names."""


class Piece(Template):
    """A template that makes its macros ready once for a page, however many of its parts use them.

    Only where they know what every page knows: what else a part has set must reach its macros.
    """

    def make_module(
        self,
        vars: dict[str, Any] | None = None,  # noqa: A002 - Jinja calls it so
        shared: bool = False,
        locals: Mapping[str, Any] | None = None,  # noqa: A002 - as above
    ) -> TemplateModule:
        """Give the macros: those that are there already, or new ones."""
        ready: dict[str, TemplateModule] | None = (vars or {}).get("pieces")
        if ready is None or self.name is None or not is_plain(self.name):
            return super().make_module(vars, shared, locals)
        if self.name not in ready:
            ready[self.name] = super().make_module(vars, shared, locals)
        return ready[self.name]


@cache
def is_plain(name: str) -> bool:
    """Tell whether a template asks only for what every page knows."""
    source = (TEMPLATES / name).read_text("utf-8")
    return meta.find_undeclared_variables(templates().parse(source)) <= KNOWN


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
    made.template_class = Piece
    made.filters["local_time"] = local_time
    made.filters["moment"] = datetime.fromisoformat
    made.filters["ago"] = moments.ago
    made.filters["device"] = agents.device
    made.filters["own"] = words.own_name
    return made


def language(request: Request) -> str:
    """Give the reader's language."""
    return words.choose(request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE))


def say(request: Request, text: str, **values: object) -> str:
    """Say a message in the reader's language."""
    return words.translate(language(request), text, **values)


def tell(request: Request, text: str, **values: object) -> str:
    """Say a message to a program: in the language that it asks for, in both if it names none."""
    asked, kept = request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)
    named = next((one for one in (asked, kept) if one in words.LOCALES), None)
    locale = named or words.wished(request.headers.get("accept-language", ""))
    return words.translate(locale, text, **values) if locale else words.both(text, **values)


def page(request: Request, name: str, *, status: int = 200, **facts: Any) -> HTMLResponse:
    """Render a page; beside its facts it knows what `KNOWN` says, `mode_here()` to be called."""
    locale = language(request)
    actor: Actor | None = getattr(request.state, "actor", None)
    told: dict[str, Any] = {
        "_": partial(words.translate, locale),
        "ngettext": partial(words.ngettext, locale),
        "locale": locale,
        "actor": actor,
        "mode_here": getattr(request.state, "mode_here", None),
        "request": request,
        "status": status,
        "pieces": {},
    }
    response = HTMLResponse(templates().get_template(name).render(told | facts), status)
    if "lang" in request.query_params:
        response.set_cookie(LANGUAGE_COOKIE, locale, max_age=YEAR, samesite="lax")
    if actor and request.cookies.get(WHOSE_COOKIE) != str(actor.id):
        tell_whose(response, str(actor.id))
    return response


def tell_whose(response: Response, person: str) -> None:
    """Tell the pages that a phone kept who holds it from now on."""
    response.set_cookie(WHOSE_COOKIE, person, max_age=YEAR, samesite="lax")


def way_back(request: Request) -> str:
    """Give the address of the page that a link or a form was on."""
    came = urlsplit(request.headers.get("referer", ""))
    if came.netloc != request.headers.get("host") or not came.path:
        return "/"
    return "/" + came.path.lstrip("/") + (f"?{came.query}" if came.query else "")
