"""The page that a person's day begins on: what he owes in the order of the way, map and track."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from shapely import Point
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, may
from hazards.alerts import public
from hazards.tasks.rounds import stops
from qr_codes.findings import board
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.http.packs import Seals
from rescue_app.http.whereabouts import Here
from rescue_app.web.point_lists import list_names
from rescue_app.web.render import page
from rescue_app.web.scanner import keys_of

router = APIRouter(include_in_schema=False)


@router.get("/round", name="my_round")
def show_round(  # noqa: D103 - what this person owes
    request: Request, db: Db, actor: Who, now: Now, here: Here, ring: Seals
) -> Response:
    seq = request.app.state.hub.seq  # before the contents, so that nothing falls between
    facts = owed(db, actor, now, here) | {"keys": keys_of(ring), "seq": seq}
    facts["track_days"] = request.app.state.settings.track_days
    return page(request, "tasks/round.html", **facts)


def owed(db: Session, actor: Actor, now: datetime, here: Point | None) -> dict[str, Any]:
    """Gather what a person owes and what he is warned of around it."""
    way = stops(db, actor, now, here)
    facts: dict[str, Any] = {"stops": way, "now": now, "here": here}
    facts["names"] = list_names(db, [task for stop in way for task in stop.tasks])
    looks = may(actor, Act.INSPECT, actor.area_path)
    facts["verify"] = board.to_verify(db, by_id=actor.id) if looks else ()
    facts["warned_here"] = public.concerning(
        public.in_force(db, now=now, drills=True), actor.area_path
    )
    return facts
