"""What a person says of what cameras saw, by one tap on its line."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.seen import service
from rescue_app.web import flash
from rescue_app.web.render import say

router = APIRouter(prefix="/sightings/{sighting_id}", include_in_schema=False)
Reason = Annotated[str, Form(max_length=2_000)]


@router.post("/incident")
def accept(request: Request, db: Db, who: Who, now: Now, sighting_id: UUID) -> Response:
    """Open an incident of it."""
    made = service.accept(db, sighting_id=sighting_id, by=who, now=now)
    return gone(request, f"/incidents/{made.id}", "It is an incident now, with place and picture.")


@router.post("/join")
def join(
    request: Request, db: Db, who: Who, now: Now, sighting_id: UUID, into: Annotated[UUID, Form()]
) -> Response:
    """Add it to an incident that is known."""
    known = service.join(db, sighting_id=sighting_id, into_id=into, by=who, now=now)
    return gone(request, f"/incidents/{known.id}", "It stands with this incident now.")


@router.post("/dismiss")
def dismiss(
    request: Request, db: Db, who: Who, now: Now, sighting_id: UUID, why: Reason = ""
) -> Response:
    """Say that nobody has to go."""
    service.dismiss(db, sighting_id=sighting_id, why=why, by=who, now=now)
    return gone(request, "/sightings?waiting=true", "Dismissed. It stays on the list.")


def gone(request: Request, to: str, said: str) -> Response:
    """Lead on, and say what happened."""
    return flash.say(RedirectResponse(to, 303), say(request, said))
