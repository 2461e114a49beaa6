"""The page that a person's day begins on: what he owes in the order of the way, map and track."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from gis.authority import Act, may
from hazards.tasks.rounds import stops
from qr_codes.findings import board
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.http.packs import Seals
from rescue_app.http.whereabouts import Here
from rescue_app.web.render import page
from rescue_app.web.rounds import list_names
from rescue_app.web.scanner import keys_of

router = APIRouter(include_in_schema=False)


@router.get("/round", name="my_round")
def show_round(  # noqa: D103 - what this person owes
    request: Request, db: Db, actor: Who, now: Now, here: Here, ring: Seals
) -> Response:
    way = stops(db, actor, now, here)
    facts: dict[str, Any] = {"stops": way, "now": now, "here": here, "keys": keys_of(ring)}
    facts["names"] = list_names(db, [task for stop in way for task in stop.tasks])
    looks = may(actor, Act.INSPECT, actor.area_path)
    facts["verify"] = board.to_verify(db, by_id=actor.id) if looks else ()
    facts["track_days"] = request.app.state.settings.track_days
    return page(request, "tasks/round.html", seq=request.app.state.hub.seq, **facts)
