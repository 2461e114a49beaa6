"""The form of a stream's marks, on its station's page."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from gis.errors import Rejected
from hazards.monitoring import marks
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import flash
from rescue_app.web.monitoring import show_station
from rescue_app.web.render import say
from rescue_app.web.rules_form import number as number_of
from rescue_app.web.scan import Form as AnyForm

router = APIRouter(include_in_schema=False)
PREFIX = "mark."
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.post("/monitoring/{point_id}/streams/{number}/marks")
def put(
    request: Request, db: Db, who: Who, now: Now, point_id: UUID, number: Number, form: AnyForm
) -> Response:
    """Set a stream's marks, or say what is wrong with them."""
    try:
        marks.put(db, point_id, number, said(form), by=who)
    except Rejected as problem:
        told: dict[str, Any] = {"problem": say(request, problem.text, **problem.values)}
        return show_station(request, db, who, now, point_id, status=422, **told)
    back = RedirectResponse(f"/monitoring/{point_id}", 303)
    return flash.say(back, say(request, "Marks are set. Readings are judged by them from now on."))


def said(form: FormData) -> dict[str, float]:
    """Read the marks that were filled in."""
    told = {name.removeprefix(PREFIX): str(value) for name, value in form.items()
            if name.startswith(PREFIX)}  # fmt: skip
    return {code: number_of(value, code) for code, value in told.items() if value.strip()}
