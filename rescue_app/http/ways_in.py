"""Who comes by a feed's key: with `Authorization: Bearer KEY`, or as the password of Basic."""

import base64
import binascii
from collections.abc import Iterator
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from gis.authority import Role
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.monitoring import feeds
from rescue_app.auth import service as auth
from rescue_app.http.dependencies import BEARER, now, token_of
from rescue_app.http.errors import SignInNeeded

BASIC = "Basic "


def key_of(request: Request) -> str:
    """Give the key that a program sends, whichever way it does."""
    said = request.headers.get("authorization", "")
    if not said.startswith(BASIC):
        return said.removeprefix(BEARER)
    try:
        told = base64.b64decode(said.removeprefix(BASIC), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return told.partition(":")[2]


def open_reading(request: Request) -> Iterator[Session]:
    """Open a transaction that sees what a key's area or a person's has; each look counts as one."""
    sessions, key = request.app.state.sessions, key_of(request)
    scope = _scope_of_key(request, key) if key else None
    if scope is None and (token := token_of(request)):
        with unit_of_work(sessions, None) as session:
            life = request.app.state.settings.session_life
            if auth.enter(session, token, now=now(), life=life) is None:
                raise SignInNeeded
            yield session
        return
    if scope is None:
        raise SignInNeeded
    with unit_of_work(sessions, scope) as session:
        yield session


def _scope_of_key(request: Request, key: str) -> Scope | None:
    """Give the scope of a feed's key, or nothing where it is a person's token."""
    with unit_of_work(request.app.state.sessions, SYSTEM) as session:
        try:
            feed = feeds.of_key(session, key)
        except feeds.UnknownKey:
            if request.headers["authorization"].startswith(BASIC):
                raise
            return None
        feeds.keep_pace(feed, 1, now=now())
        return Scope(feed.area_path, Role.OBSERVER, UUID(int=0))


ReadingDb = Annotated[Session, Depends(open_reading, scope="function", max_concurrency=4)]
