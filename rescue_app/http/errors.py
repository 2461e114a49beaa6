"""The only place where an error meets an HTTP status, in JSON for machines, a page for people."""

from collections.abc import Mapping

import psycopg
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from psycopg_pool import PoolTimeout
from sqlalchemy import exc
from starlette.exceptions import HTTPException

from gis.errors import Conflict, Forbidden, Missing, PlatformError, Rejected, Throttled, Unavailable
from rescue_app.http import shapes
from rescue_app.http.shapes import NO_SUCH_PAGE
from rescue_app.web.render import page, say, tell, way_back

STATUS: Mapping[type[PlatformError], int] = {
    Missing: 404,
    Forbidden: 403,
    Conflict: 409,
    Rejected: 422,
    Throttled: 429,
    Unavailable: 503,
}
UNKNOWN = "Something went wrong on our side. What you entered was not saved. Try again."
AWAY = (
    "The database does not answer at the moment. Wait a few seconds and try again. What a phone has"
    " kept stays there and is sent by itself."
)
CROWDED = "Very many people are asking at this moment. Wait a few seconds and load the page again."
SENSORTHINGS = "/sta/"
"""Below this address errors have the form of SensorThings, where a refused question is 400."""
AGAIN_S = 5
"""After so many seconds it is worth asking again what was not to be had."""
LOST = ("08", "57P", "53")
"""SQLSTATEs of a server that is gone, going, or has no connection left."""
NOT_SO = "This address does not take that. Go back and try again."
TOO_MUCH = "This is more than is taken here at once. Send less, or a file by itself."
NOT_KEPT = "A sign or number in this cannot be kept. Nothing was saved. Correct it and send again."
log = structlog.get_logger()


class SignInNeeded(Exception):
    """Nobody is signed in where somebody has to be."""


def wants_json(request: Request) -> bool:
    """Tell machines (and page scripts) from people who look at a page."""
    return request.url.path.startswith("/api/") or "text/html" not in request.headers.get(
        "accept", ""
    )


def said(request: Request, text: str, **values: object) -> str:
    """Say what happened in the reader's language; a SensorThings client sends no cookie of ours."""
    to_program = request.url.path.startswith(SENSORTHINGS)
    return (tell if to_program else say)(request, text, **values)


def answer(request: Request, *, status: int, code: str, detail: str) -> Response:
    """Say what happened and what to do, in the reader's language."""
    detail = detail.encode(errors="replace").decode()  # it may name what was sent: half an emoji
    if request.url.path.startswith(SENSORTHINGS):
        status = 400 if status == 422 else status
        made: Response = JSONResponse({"code": status, "type": "error", "message": detail}, status)
    elif wants_json(request):
        made = JSONResponse({"code": code, "detail": detail}, status)
    else:
        back = way_back(request) if request.method == "POST" else ""
        made = page(request, "error.html", status=status, code=code, detail=detail, back=back)
    if status == 503:
        made.headers["retry-after"] = str(AGAIN_S)
    return made


def on_platform_error(request: Request, error: Exception) -> Response:
    """Answer an error raised on purpose."""
    kind = next((k for k in type(error).__mro__ if k in STATUS), PlatformError)
    text, values = getattr(error, "text", UNKNOWN), getattr(error, "values", {})
    return answer(
        request,
        status=STATUS.get(kind, 500),
        code=getattr(error, "code", "error"),
        detail=said(request, text, **values),
    )


def on_bad_request(request: Request, error: Exception) -> Response:
    """Answer what has not even the right shape; where the path itself has not, nothing is there."""
    problems = error.errors() if isinstance(error, RequestValidationError) else []
    gone = shapes.names_nothing(problems)
    status, code = (404, "missing") if gone else (422, "rejected")
    return answer(request, status=status, code=code, detail=shapes.told(request, problems))


def on_http_error(request: Request, error: Exception) -> Response:
    """Answer what the framework itself refuses."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if isinstance(error, HTTPException) and "exceeded maximum size" in str(error.detail):
        status = 413  # the framework calls a field of a form that is too large a bad request
    text = {404: NO_SUCH_PAGE, 413: TOO_MUCH}.get(status, NOT_SO)
    code = "missing" if status == 404 else "rejected"
    return answer(request, status=status, code=code, detail=said(request, text))


def on_sign_in_needed(request: Request, _: Exception) -> Response:
    """Send people to the sign-in page and back; tell machines."""
    text = said(request, "Sign in first.")
    if request.url.path.startswith(SENSORTHINGS):
        told = answer(request, status=401, code="sign_in_needed", detail=text)
        told.headers["www-authenticate"] = 'Basic realm="SensorThings"'
        return told
    if wants_json(request):
        return JSONResponse({"code": "sign_in_needed", "detail": text}, 401)
    target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = request.url_for("sign_in_page").include_query_params(next=target)
    return RedirectResponse(f"{back.path}?{back.query}", 303)


def on_unkeepable(request: Request, error: Exception) -> Response:
    """Answer what cannot be kept: a NUL sign, half an emoji, a number beyond its column."""
    log.warning("unkeepable", path=request.url.path, kind=type(error).__name__)
    return answer(request, status=422, code="rejected", detail=said(request, NOT_KEPT))


def on_away(request: Request, error: Exception) -> Response:
    """Answer while the database is away; what else goes wrong in it is an error of ours."""
    if not is_away(error):
        return on_unknown(request, error)
    log.warning("database away", path=request.url.path, kind=type(error).__name__)
    return answer(request, status=503, code="unavailable", detail=said(request, AWAY))


def is_away(error: Exception) -> bool:
    """Tell a connection that is lost, or not to be had, from a statement that failed."""
    if isinstance(error, PoolTimeout | exc.TimeoutError):
        return True
    cause = error.orig if isinstance(error, exc.DBAPIError) else error
    state = getattr(cause, "sqlstate", None)
    return state is None or state.startswith(LOST)


def on_crowd(request: Request) -> Response:
    """Tell a desk that it is better served in a few seconds."""
    return answer(request, status=503, code="unavailable", detail=said(request, CROWDED))


def on_unknown(request: Request, error: Exception) -> Response:
    """Answer a fixed sentence; the log keeps the rest."""
    log.error("unhandled", path=request.url.path, exc_info=error)
    return answer(request, status=500, code="error", detail=said(request, UNKNOWN))


def install(app: FastAPI) -> None:
    """Hang the table into the application."""
    app.add_exception_handler(PlatformError, on_platform_error)
    app.add_exception_handler(RequestValidationError, on_bad_request)
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(SignInNeeded, on_sign_in_needed)
    for unkept in (exc.DataError, psycopg.DataError, UnicodeEncodeError):
        app.add_exception_handler(unkept, on_unkeepable)
    for kind in (exc.OperationalError, exc.InterfaceError, exc.TimeoutError, PoolTimeout,
                 psycopg.OperationalError, psycopg.InterfaceError):  # fmt: skip
        app.add_exception_handler(kind, on_away)
    app.add_exception_handler(Exception, on_unknown)
