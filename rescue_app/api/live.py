"""The live stream over HTTP (server-sent events)."""

from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from rescue_app.http.dependencies import Who
from rescue_app.live.events import View
from rescue_app.live.stream import LiveStream

router = APIRouter(tags=["live"])


@router.get("/live", response_class=Response)
async def live(
    request: Request,
    actor: Who,
    topics: str = "",
    after: int | None = None,
    last_event_id: Annotated[int | None, Header()] = None,
) -> LiveStream:
    """Tell what changes in the reader's area, from its last event on.

    `topics` is a list with commas; empty means all. A browser that comes back sends its
    `Last-Event-ID`, which goes before `after`.
    """
    view = View(actor.area_path, frozenset(filter(None, topics.split(","))))
    known = after if last_event_id is None else last_event_id
    return LiveStream(request.app.state.hub, view, after=known)
