"""Pages of tracks: one's own, and for a centre those of its people; each on a small map."""

import json
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from qr_codes.tracks import repository, rules, service
from qr_codes.tracks.rules import Spot
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web.render import page

router = APIRouter(include_in_schema=False)


@router.get("/tracks", name="tracks")
def show_tracks(request: Request, db: Db, actor: Who) -> Response:
    """List the tracks that this person may see."""
    found = repository.listing(db)
    facts: dict[str, Any] = {"mine": [one for one in found if one.account_id == actor.id]}
    facts["others"] = [one for one in found if one.account_id != actor.id]
    days = request.app.state.settings.track_days
    return page(request, "tracks/tracks.html", days=days, **facts)


@router.get("/tracks/{track_id}", name="track")
def show_track(request: Request, db: Db, actor: Who, now: Now, track_id: UUID) -> Response:
    """Show one track; whoever looks at another's is noted."""
    track = service.look(db, track_id, by=actor, now=now)
    lines = rules.way(repository.spots(db, track.id))
    facts: dict[str, Any] = {"track": track, "looks": repository.looks(db, track.id)}
    facts |= {"mine": track.account_id == actor.id, "map": drawn(lines)}
    return page(request, "tracks/track.html", **facts)


@router.post("/tracks/{track_id}/remove")
def remove_track(db: Db, actor: Who, now: Now, track_id: UUID) -> Response:
    """Remove one's own track."""
    service.take_back(db, track_id, by=actor, now=now)
    return RedirectResponse("/tracks", 303)


def drawn(lines: list[list[Spot]]) -> dict[str, str] | None:
    """Give what the map's script draws: the way and its box; nothing where there is no way."""
    spots = [(one.lon, one.lat) for line in lines for one in line]
    if not spots:
        return None
    xs, ys = zip(*spots, strict=True)
    box = [min(xs) - 0.001, min(ys) - 0.001, max(xs) + 0.001, max(ys) + 0.001]
    ways = [[[one.lon, one.lat] for one in line] for line in lines]
    return {"bounds": json.dumps(box), "lines": json.dumps(ways)}
