"""Where stations bring their readings: a key for each feed, any number of readings at once."""

from datetime import datetime

from fastapi import APIRouter, Request
from pydantic import BaseModel
from sqlalchemy.orm import Session

from hazards.monitoring import feeds, service, wire
from hazards.monitoring.models import Feed
from hazards.monitoring.service import Taken
from rescue_app.api.gateways import Body
from rescue_app.http.dependencies import BEARER, Now, SystemDb
from rescue_app.web.render import say

router = APIRouter(prefix="/api/v1/readings", tags=["readings"])


class RefusedOut(BaseModel):
    """A reading that was not kept: which one (from 0), and why."""

    number: int
    detail: str


class TakenOut(BaseModel):
    """What became of a batch: kept, known already, how many are odd in which way, refused."""

    kept: int
    same: int
    flagged: dict[str, int]
    refused: list[RefusedOut]


@router.post("")
def take(request: Request, db: SystemDb, now: Now, body: Body) -> TakenOut:
    """Keep readings (JSON, CSV or SenML); the same again changes nothing.

    The feed's key is sent as `Authorization: Bearer …`; times carry their zone.
    """
    feed = feeds.of_key(db, request.headers.get("authorization", "").removeprefix(BEARER))
    sent = wire.read(body, kind=request.headers.get("content-type", ""), now=now)
    return told(request, kept(db, feed, sent, now=now))


def kept(session: Session, feed: Feed, sent: list[service.Sent], *, now: datetime) -> Taken:
    """Keep a batch within the feed's pace, source and area."""
    feeds.keep_pace(feed, len(sent), now=now)
    taken = service.take(session, sent, source=feed.source, area_path=feed.area_path, now=now)
    feeds.note(feed, taken, now=now)
    return taken


def told(request: Request, taken: Taken) -> TakenOut:
    """Say what became of a batch in the asker's language."""
    flagged = {str(flag.name).lower(): count for flag, count in taken.flagged.items()}
    refused = [
        RefusedOut(number=n, detail=say(request, problem.text, **problem.values))
        for n, problem in taken.refused.items()
    ]
    return TakenOut(kept=taken.kept, same=taken.same, flagged=flagged, refused=refused)
