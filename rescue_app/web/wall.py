"""The page of the wall; what stands on it comes over `/api/v1/incidents/{id}/wall`."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from shapely import to_geojson

from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.incidents import known, service
from rescue_app.sketches import service as sketches
from rescue_app.web.render import page

router = APIRouter(include_in_schema=False)


@router.get("/incidents/{incident_id}/wall", name="wall")
def show_wall(request: Request, db: Db, actor: Who, now: Now, incident_id: UUID) -> Response:
    """Show an incident as a war room does: what is silent, where the crews are, how far it is."""
    seq = request.app.state.hub.seq  # before the contents, so that nothing falls between
    row = service.visible(db, incident_id)
    shape = to_geojson(row.extent) if row.extent is not None else ""
    facts: dict[str, Any] = {"row": row, "around": known.around(db, row), "shape": shape}
    facts |= {"may_draw": sketches.may_draw(actor), "section": "incidents"}
    return page(request, "wall/wall.html", seq=seq, now=now, **facts)
