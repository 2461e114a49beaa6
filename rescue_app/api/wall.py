"""The commander's wall over HTTP: what stands, what changed, what stood; and the shared sketch."""

import gzip
from datetime import datetime
from operator import attrgetter
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime, BaseModel
from shapely.geometry import mapping

from gis import geometry
from rescue_app.dispatch import service as orders
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.incidents import service as incidents
from rescue_app.sketches import service as sketches
from rescue_app.sketches.models import SketchLine
from rescue_app.sketches.rules import MarkDraft, MarkKind
from rescue_app.wall import reading
from rescue_app.wall.reading import Wall
from rescue_app.wall.rules import Hop

HEADERS = {"cache-control": "no-store", "vary": "accept-encoding"}
WORTH_PACKING = 4096
ROW = attrgetter(*Hop.__slots__)
SPOT = attrgetter(
    "id", "holder", "name", "name_en", "state", "due_at", "lon", "lat", "placed_at", "placed"
)
router = APIRouter(prefix="/api/v1", tags=["wall"])
At = Annotated[AwareDatetime | None, Query()]
Seen = Annotated[str | None, Query(max_length=4000)]


class MarkIn(BaseModel):
    """A drawing as a page sends it: its number is made there, its shape is WKT or GeoJSON."""

    id: UUID
    kind: MarkKind
    shape: str | dict[str, Any]
    words: str = ""
    done_at: AwareDatetime | None = None

    def draft(self) -> MarkDraft:
        """Give it as the service takes it."""
        shape = geometry.parse(self.shape)
        return MarkDraft(self.id, self.kind, shape, self.words, self.done_at)


class RemovalIn(BaseModel):
    """That somebody takes his own drawing away, with a number of its own."""

    id: UUID
    done_at: AwareDatetime | None = None


class MarkOut(BaseModel):
    """A drawing, and who drew it."""

    id: UUID
    kind: str
    shape: dict[str, Any] | None
    words: str
    by_id: UUID
    by_name: str
    by_phone: str
    done_at: datetime
    received_at: datetime

    @classmethod
    def of(cls, line: SketchLine) -> "MarkOut":
        """Read it off the row."""
        told = {name: getattr(line, name) for name in cls.model_fields if name != "shape"}
        return cls(shape=mapping(line.shape) if line.shape is not None else None, **told)


@router.get("/incidents/{incident_id}/wall")
def read_wall(
    request: Request, db: Db, _: Who, now: Now, incident_id: UUID,
    seen: Seen = None, at: At = None, roster: bool = False,
) -> Response:  # fmt: skip
    """Give the wall: all of it, what is new since `seen`, or as it stood `at` a moment."""
    incident = incidents.visible(db, incident_id)
    if at is not None:
        return told(request, reading.as_of(db, incident, at=at, now=now))
    if seen is not None:
        return told(request, reading.since(db, incident, seen=seen, roster=roster, now=now))
    return told(request, reading.now_of(db, incident, now=now))


@router.get("/incidents/{incident_id}/sketch")
def read_sketch(db: Db, _: Who, now: Now, incident_id: UUID, at: At = None) -> list[MarkOut]:
    """Give what stands on the sketch of an incident, or stood at a moment."""
    incident = incidents.visible(db, incident_id)
    until = now if at is None else min(at, now)
    return [MarkOut.of(line) for line in sketches.drawn(db, incident, until=until)]


@router.post("/incidents/{incident_id}/sketch", status_code=201)
def draw(db: Db, actor: Who, now: Now, incident_id: UUID, body: MarkIn) -> MarkOut:
    """Draw on the sketch; the same id again is the same drawing."""
    draft = body.draft()
    return MarkOut.of(sketches.draw(db, incident_id=incident_id, draft=draft, by=actor, now=now))


@router.post("/sketch/{line_id}/removal", status_code=201)
def take_away(db: Db, actor: Who, now: Now, line_id: UUID, body: RemovalIn) -> MarkOut:
    """Take one's own drawing away; it stays in the log."""
    return MarkOut.of(
        sketches.remove(
            db, line_id=line_id, removal_id=body.id, by=actor, now=now, done_at=body.done_at
        )
    )


@router.get("/orders/{order_id}/crews")
def read_crews(
    request: Request, db: Db, _: Who, now: Now, order_id: UUID, seen: Seen = None
) -> Response:
    """Give where all crews and members of an order are, or what is new since `seen`."""
    order = orders.visible(db, order_id)
    crews = reading.crews_of(db, order.id, seen=seen, now=now)
    rows = [SPOT(hop) for hop in crews.crews]
    return packed(request, {"at": crews.at, "seen": crews.seen, "crews": rows})


def told(request: Request, wall: Wall) -> Response:
    """Write it: thousands of hops go as rows without names, in the order of `wall.rules.Hop`."""
    facts = {name: getattr(wall, name) for name in Wall.__slots__ if name != "hops"}
    facts["hops"] = [ROW(hop) for hop in wall.hops]
    return packed(request, facts)


def packed(request: Request, facts: dict[str, Any]) -> Response:
    """Send it small where the reader can unpack it."""
    body, headers = orjson.dumps(facts, option=orjson.OPT_NON_STR_KEYS), dict(HEADERS)
    if len(body) > WORTH_PACKING and "gzip" in request.headers.get("accept-encoding", ""):
        body, headers["content-encoding"] = gzip.compress(body, 1), "gzip"
    return Response(body, media_type="application/json", headers=headers)
