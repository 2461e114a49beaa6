"""What a route may ask for."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.store.engine import unit_of_work
from gis.store.scope import RESIDENT, SYSTEM
from hazards.modes.repository import mode_at
from rescue_app.auth import service as auth
from rescue_app.http.errors import SignInNeeded
from rescue_app.http.senders import check_sender

COOKIE = "yitong_session"
BEARER = "Bearer "
"""How a program says who it is; `yitong user token` gives it the word for it."""


def open_session(request: Request) -> Iterator[Session]:
    """Open the request's one transaction, through the eyes of whoever is signed in."""
    state = request.app.state
    token = token_of(request)
    with unit_of_work(state.sessions, None if token else RESIDENT) as session:
        life = state.settings.session_life
        actor = auth.enter(session, token, now=now(), life=life) if token else None
        request.state.actor = actor
        # The top bar asks for it, and only pages have one.
        state_here = partial(mode_at, session, actor.area_path, now()) if actor else None
        request.state.mode_here = state_here
        try:
            yield session
        finally:
            request.state.mode_here = None  # an error's page is drawn when the transaction is over


def token_of(request: Request) -> str | None:
    """Give the token of a browser's cookie, or of a program's header."""
    said = request.headers.get("authorization", "")
    return request.cookies.get(COOKIE) or said.removeprefix(BEARER) or None


def open_system_session(request: Request) -> Iterator[Session]:
    """Open a transaction that sees all, for signing in alone."""
    with unit_of_work(request.app.state.sessions, SYSTEM) as session:
        yield session


def now() -> datetime:
    """Give the server's time."""
    return datetime.now(UTC)


# scope="function": commit before the answer leaves, so a failed commit is a 500.
# max_concurrency: together no more than the pool has connections. Who waits for his turn then
# holds no thread; a rush once stood still, every thread waiting for a connection and whoever had
# one for a thread to go on with.
Db = Annotated[Session, Depends(open_session, scope="function", max_concurrency=16)]
SystemDb = Annotated[Session, Depends(open_system_session, scope="function", max_concurrency=4)]


async def ask_now() -> datetime:
    """Give the time to a route."""
    return now()


Now = Annotated[datetime, Depends(ask_now)]


async def rounds(request: Request) -> timedelta:
    """Give how often a danger area is walked against return."""
    return timedelta(hours=request.app.state.settings.return_patrol_hours)


Every = Annotated[timedelta, Depends(rounds)]


# These wait for nothing: as coroutines they cost no thread and no change of threads.
async def maybe_who(request: Request, _: Db) -> Actor | None:
    """Give who is signed in, if anybody is."""
    actor: Actor | None = request.state.actor
    return actor


async def who(request: Request, _: Db) -> Actor:
    """Give who is signed in; people who are not are sent to the sign-in page."""
    if request.state.actor is None:
        raise SignInNeeded
    actor: Actor = request.state.actor
    return actor


MaybeWho = Annotated[Actor | None, Depends(maybe_who)]
Who = Annotated[Actor, Depends(who)]


async def sender(actor: Who, by: UUID | None = None) -> Actor:
    """Give who is signed in, if the phone does not send what somebody else made (`by`)."""
    check_sender(by, actor)
    return actor


Sender = Annotated[Actor, Depends(sender)]
