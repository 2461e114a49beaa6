"""Where others push their warnings: one CAP 1.2 message a request, by the source's key."""

from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel

from gis.errors import PlatformError
from hazards.cap import service, sources
from hazards.cap.service import Way
from rescue_app.api.gateways import Body
from rescue_app.http.dependencies import BEARER, Now, SystemDb
from rescue_app.http.errors import on_platform_error

router = APIRouter(prefix="/api/v1/cap", tags=["cap"])


class TakenOut(BaseModel):
    """What became of a message (`again`: it was here before), and of which warnings."""

    outcome: str
    again: bool
    alerts: list[UUID]


@router.post("", response_model=TakenOut)
def push(request: Request, db: SystemDb, now: Now, body: Body) -> object:
    """Take one CAP 1.2 message (XML); the same again changes nothing.

    The source's key is sent as `Authorization: Bearer …`. What is refused is refused whole, with
    its reason, and stands on the page of sources.
    """
    key = request.headers.get("authorization", "").removeprefix(BEARER)
    source = sources.of_key(db, key, now=now)
    done = service.attempt(db, body, source=source, way=Way("push"), now=now)
    if isinstance(done, PlatformError):  # kept with its reason: an answer, and no failure
        return on_platform_error(request, done)
    kept = done.message
    return TakenOut(outcome=kept.outcome, again=done.again, alerts=kept.alert_ids)
