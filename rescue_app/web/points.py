"""Pages of the ledger: list, point, form, and the panel beside the map."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from gis.areas import framing
from gis.authority import Act, require
from gis.store import files
from gis.store.files import StoredFile
from hazards.points import service
from hazards.points.cases import proposing
from hazards.points.cases.proposing import Ask
from rescue_app.api.points_query import PointQuery
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import flash
from rescue_app.web.points_detail import Look, detail, looked_back
from rescue_app.web.points_form import PointForm, Removal, Sent, changed, entered
from rescue_app.web.points_view import listing, type_names
from rescue_app.web.render import page, say

router = APIRouter(include_in_schema=False)
Asked = Annotated[PointQuery, Query()]
Typed = Annotated[Sent, Form()]


@router.get("/points", name="points")
def list_page(request: Request, db: Db, who: Who, now: Now, asked: Asked) -> Response:
    """Show the ledger of the reader's area, filtered, sorted, paged."""
    facts = listing(request, db, who, now, asked)
    return page(request, "points/list.html", section="points", **facts)


@router.post("/points")
def enter(request: Request, db: Db, who: Who, now: Now, sent: Typed) -> Response:
    """Apply for a new point."""
    wrong = entered(db, sent, by=who, now=now)
    if wrong is not None:
        return form_page(request, db, wrong, to="/points")
    return to_case(request, sent.case)


@router.get("/points/new", name="new_point")
def new_page(request: Request, db: Db, who: Who) -> Response:
    """Show an empty form."""
    require(who, Act.EDIT_POINT, who.area_path)
    return form_page(request, db, PointForm.empty(request.query_params), to="/points")


@router.get("/points/{point_id}", name="point")
def point_page(
    request: Request, db: Db, who: Who, now: Now, point_id: UUID, look: Annotated[Look, Query()]
) -> Response:
    """Show a point with its life, as it was on a day, and two of its states compared."""
    facts = detail(request, db, who, now, service.visible(db, point_id))
    facts |= looked_back(facts["steps"], look)
    return page(request, "points/detail.html", section="points", **facts)


@router.get("/points/{point_id}/edit", name="edit_point")
def edit_page(request: Request, db: Db, who: Who, point_id: UUID) -> Response:
    """Show the form on what the entry says now."""
    point = service.visible(db, point_id)
    require(who, Act.EDIT_POINT, point.area_path)
    return form_page(request, db, PointForm.of(point), to=f"/points/{point_id}/edit")


@router.post("/points/{point_id}/edit")
def change(request: Request, db: Db, who: Who, now: Now, point_id: UUID, sent: Typed) -> Response:
    """Apply for a change, in view of the version the form was opened on."""
    wrong = changed(db, point_id, sent, by=who, now=now)
    if wrong is not None:
        return form_page(request, db, wrong, to=f"/points/{point_id}/edit")
    return to_case(request, sent.case)


@router.post("/points/{point_id}/delist")
def delist(
    request: Request, db: Db, who: Who, now: Now, point_id: UUID, sent: Annotated[Removal, Form()]
) -> Response:
    """Apply for a point's leaving the ledger."""
    ask = Ask(sent.case, who, now)
    proposing.remove(db, ask=ask, point_id=point_id, **sent.asked())
    return to_case(request, sent.case)


def form_page(request: Request, db: Session, form: PointForm, *, to: str) -> Response:
    """Show the form with what was typed and what is wrong with it; it is sent to `to`."""
    wrong = bool(form.errors or form.problem)
    problem = form.problem and say(request, form.problem.text, **form.problem.values)
    return page(
        request,
        "points/form.html",
        status=422 if wrong else 200,
        section="points",
        form=form,
        problem=problem,
        to=to,
        types=type_names(request, db),
        bounds=framing.extent(db, request.state.actor.area_path),
        shown_files=files_shown(db, form),
    )


def files_shown(db: Session, form: PointForm) -> dict[UUID, StoredFile]:
    """Give the files that stand in the form, and those that somebody else added or took away."""
    ids = [UUID(one) for one in form.typed["file_ids"].split(",") if one]
    told = [d for d in form.theirs if d.column == "file_ids"]
    states = [state for d in told for state in (d.was, d.became) if isinstance(state, list)]
    return files.known(db, [*ids, *(one for state in states for one in state)])


def to_case(request: Request, case_id: UUID) -> Response:
    """Go to the case and say there what happens next."""
    text = say(request, "Applied for. The ledger changes when the city has approved.")
    return flash.say(RedirectResponse(f"/cases/{case_id}", 303), text)
