"""Where video analytics bring what their cameras see: by a feed's key, one or many at once."""

import base64
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from shapely import Point
from sqlalchemy.orm import Session

from gis.errors import Conflict, PlatformError, Rejected
from hazards.monitoring import feeds
from hazards.monitoring.models import Feed
from qr_codes.sightings import service
from qr_codes.sightings.rules import Event
from rescue_app.http.dependencies import Now, SystemDb
from rescue_app.http.ways_in import key_of
from rescue_app.web.render import say

router = APIRouter(prefix="/api/v1/sightings", tags=["sightings"])
MOST = 50


class EventIn(BaseModel):
    """An event: its source's own number, what, when, where, how sure; a picture in base64."""

    id: Annotated[str, Field(min_length=1, max_length=200)]
    kind: Annotated[str, Field(max_length=60)]
    at: datetime
    longitude: Annotated[float, Field(ge=-180, le=180)]
    latitude: Annotated[float, Field(ge=-90, le=90)]
    confidence: float
    camera: Annotated[str, Field(max_length=200)] = ""
    words: Annotated[str, Field(max_length=200)] = ""
    snapshot: Annotated[str, Field(max_length=20_000_000)] | None = None


class EventsIn(BaseModel):
    """Events that are told together; each is kept or refused by itself."""

    events: Annotated[list[EventIn], Field(min_length=1, max_length=MOST)]


class EventOut(BaseModel):
    """What became of an event."""

    id: str
    outcome: str
    sighting: UUID | None
    times: int | None
    detail: str


@router.post("")
def take(request: Request, db: SystemDb, now: Now, sent: EventsIn) -> list[EventOut]:
    """Keep events; the same again changes nothing. What is refused says why."""
    feed = feeds.of_key(db, key_of(request))
    feeds.keep_pace(feed, len(sent.events), now=now)
    feed.heard_at = now
    return [told(request, db, feed, one, now=now) for one in sent.events]


def told(
    request: Request, session: Session, feed: Feed, one: EventIn, *, now: datetime
) -> EventOut:
    """Keep one event and say what became of it; what fails of it leaves the others."""
    try:
        with session.begin_nested():
            kept, _ = service.take(
                session, event_of(one), source=feed.source, area_path=feed.area_path, now=now
            )
    except (Rejected, Conflict) as problem:
        return refused(request, one, problem)
    feed.kept += 1
    return EventOut(id=one.id, outcome=kept.outcome, sighting=kept.id, times=kept.times, detail="")


def refused(request: Request, one: EventIn, problem: PlatformError) -> EventOut:
    """Say why an event was not kept."""
    detail = say(request, problem.text, **problem.values)
    return EventOut(id=one.id, outcome="refused", sighting=None, times=None, detail=detail)


def event_of(one: EventIn) -> Event:
    """Give an event as the service takes it."""
    try:
        picture = base64.b64decode(one.snapshot, validate=True) if one.snapshot else None
    except ValueError as error:
        raise Rejected("The snapshot is a picture in base64.") from error
    place = Point(one.longitude, one.latitude)
    plain = {"camera": one.camera.replace("\0", ""), "words": one.words.replace("\0", "")}
    ref = one.id.replace("\0", "")
    return Event(ref, one.kind, one.at, place, one.confidence, snapshot=picture, **plain)
