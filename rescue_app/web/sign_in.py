"""Sign in and out."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from rescue_app.auth import service as auth
from rescue_app.http.dependencies import COOKIE, Db, Now, SystemDb
from rescue_app.settings import Settings
from rescue_app.web.render import NOBODY, page, say, tell_whose

router = APIRouter()
WRONG = "Login or password is wrong. Check both and try again."


def own_path(target: str) -> str:
    """Keep a way back on our own site."""
    ours = target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if ours else "/"


@router.get("/sign-in", name="sign_in_page")
def sign_in_page(request: Request, _: Db, next: str = "/") -> Response:  # noqa: A002 - the web's word
    """Show the sign-in form."""
    return page(request, "sign_in.html", next=own_path(next), problem=None, login="")


@router.post("/sign-in")
def sign_in(  # noqa: D103 - the form's own words
    request: Request,
    db: SystemDb,
    now: Now,
    login: Annotated[str, Form()],
    password: Annotated[str, Form()],
    next: Annotated[str, Form()] = "/",  # noqa: A002 - the web's word
) -> Response:
    target = own_path(next)
    account = auth.check_password(db, login=login.strip(), password=password, now=now)
    if account is None:
        wrong = say(request, WRONG)
        return page(request, "sign_in.html", status=401, next=target, problem=wrong, login=login)
    settings, agent = request.app.state.settings, request.headers.get("user-agent", "")
    token = auth.begin(db, account, agent=agent, now=now, life=settings.session_life)
    return with_cookie(RedirectResponse(target, 303), token, settings, who=account.id)


def with_cookie(response: Response, token: str, settings: Settings, *, who: UUID) -> Response:
    """Give the browser its token, and say whose it is."""
    tell_whose(response, str(who))
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(settings.session_life.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=settings.secure_cookies,
    )
    return response


@router.post("/sign-out")
def sign_out(request: Request, db: SystemDb) -> Response:
    """Sign this device out."""
    auth.end(db, request.cookies.get(COOKIE, ""))
    response = RedirectResponse("/", 303)
    response.delete_cookie(COOKIE)
    tell_whose(response, NOBODY)
    return response
