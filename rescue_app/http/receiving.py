"""Takes a file off the wire: the request's plain body, straight to the disk, up to a limit.

Memory stays the same whatever the size, and no database connection is held while a slow line
delivers: who is signed in is looked up before the first byte and again when all are there.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from fastapi import Depends, Request

from gis.errors import Rejected, Unavailable
from gis.store.engine import unit_of_work
from gis.store.files import MOST_BYTES, plain_name
from rescue_app.auth import service as auth
from rescue_app.http.dependencies import COOKIE, now
from rescue_app.http.errors import SignInNeeded
from rescue_app.settings import Settings

INCOMING = "incoming"
SPARE_BYTES = 500_000_000
"""What stays free on the disk, for the database's sake."""


@dataclass(frozen=True, slots=True)
class Received:
    """A file that came whole."""

    path: Path
    name: str


def tidy(home: Path, *, before: datetime) -> None:
    """Remove what a killed server had half received."""
    for left in (home / INCOMING).glob("*"):
        if left.stat().st_mtime < before.timestamp():
            shutil.rmtree(left, ignore_errors=True)


def check_signed_in(request: Request) -> None:
    """Let nobody fill the disk who is not signed in."""
    state = request.app.state
    with unit_of_work(state.sessions, None) as session:
        token = request.cookies.get(COOKIE)
        life = state.settings.session_life
        if not token or auth.enter(session, token, now=now(), life=life) is None:
            raise SignInNeeded


def check_room(folder: Path, *, promised: int, most: int, name: str) -> None:
    """Refuse what is too large, or has no room, before a byte of it came."""
    if promised > most:
        raise too_large(name, most)
    if shutil.disk_usage(folder).free < promised + SPARE_BYTES:
        raise Unavailable("The disk of the server is full. Tell whoever runs the platform.")


def too_large(name: str, most: int) -> Rejected:
    """Say that a file is too large."""
    return Rejected(
        "{name} is larger than {most} MB. Make it smaller, then send it again.",
        name=name,
        most=most // 1_000_000,
    )


async def receive(request: Request, name: str, *, most: int) -> AsyncIterator[Received]:
    """Write the body into a file that goes when the request is over."""
    await asyncio.to_thread(check_signed_in, request)
    settings: Settings = request.app.state.settings
    home = settings.home / INCOMING
    home.mkdir(parents=True, exist_ok=True)
    shown = plain_name(name)
    said = request.headers.get("content-length", "")
    check_room(home, promised=int(said) if said.isdecimal() else 0, most=most, name=shown)
    with TemporaryDirectory(dir=home) as folder:
        path = Path(folder) / "body"
        written = 0
        with path.open("wb") as file:
            async for piece in request.stream():
                written += len(piece)
                if written > most:
                    raise too_large(shown, most)
                await asyncio.to_thread(file.write, piece)
        yield Received(path, shown)


async def attachment(request: Request, name: str) -> AsyncIterator[Received]:
    """Receive a picture or a document."""
    async for received in receive(request, name, most=MOST_BYTES):
        yield received


async def data_set(request: Request, name: str) -> AsyncIterator[Received]:
    """Receive a file to be brought in; how large is a setting."""
    most = request.app.state.settings.upload_limit_mb * 1_000_000
    async for received in receive(request, name, most=most):
        yield received


Attachment = Annotated[Received, Depends(attachment)]
DataSet = Annotated[Received, Depends(data_set)]
