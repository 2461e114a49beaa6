"""Stop long work, wherever its button stands."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.jobs import service
from rescue_app.web import flash
from rescue_app.web.render import say, way_back

router = APIRouter(include_in_schema=False)


@router.post("/jobs/{job_id}/cancel")
def cancel(request: Request, db: Db, _: Who, now: Now, job_id: UUID) -> Response:
    """Stop a job and go back to the page it was watched on."""
    service.cancel(db, job_id=job_id, now=now)
    text = say(request, "Stopped. What was written so far is not kept.")
    return flash.say(RedirectResponse(way_back(request), 303), text)
