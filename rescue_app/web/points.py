"""Pages of the ledger: list, point, form, and the panel beside the map."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from gis.authority import Act, require
from hazards.points import service
from rescue_app.api.points_query import PointQuery
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import flash
from rescue_app.web.points_form import PointForm, Sent, changed, entered
from rescue_app.web.points_view import detail, listing, type_names
from rescue_app.web.render import page, say

router = APIRouter(include_in_schema=False)
Asked = Annotated[PointQuery, Query()]
Typed = Annotated[Sent, Form()]
Seen = Annotated[int, Form()]


@router.get("/points", name="points")
def list_page(request: Request, db: Db, who: Who, now: Now, asked: Asked) -> Response:
    """Show the ledger of the reader's area, filtered, sorted, paged."""
    facts = listing(request, db, who, now, asked)
    return page(request, "points/list.html", section="points", **facts)


@router.post("/points")
def enter(request: Request, db: Db, who: Who, now: Now, sent: Typed) -> Response:
    """Enter a draft."""
    wrong = entered(db, sent, by=who, now=now)
    if wrong is not None:
        return form_page(request, db, wrong, is_new=True)
    return back(request, sent.id, "Entered as a draft.")


@router.get("/points/new", name="new_point")
def new_page(request: Request, db: Db, who: Who) -> Response:
    """Show an empty form."""
    require(who, Act.EDIT_POINT, who.area_path)
    return form_page(request, db, PointForm.empty(request.query_params), is_new=True)


@router.get("/points/{point_id}", name="point")
def point_page(request: Request, db: Db, who: Who, now: Now, point_id: UUID) -> Response:
    """Show a point with its life."""
    facts = detail(request, db, who, now, service.visible(db, point_id))
    return page(request, "points/detail.html", section="points", **facts)


@router.get("/points/{point_id}/edit", name="edit_point")
def edit_page(request: Request, db: Db, who: Who, point_id: UUID) -> Response:
    """Show the form on what the entry says now."""
    point = service.visible(db, point_id)
    require(who, Act.EDIT_POINT, point.area_path)
    return form_page(request, db, PointForm.of(point), is_new=False)


@router.post("/points/{point_id}/edit")
def change(request: Request, db: Db, who: Who, now: Now, point_id: UUID, sent: Typed) -> Response:
    """Change an entry, in view of the version the form was opened on."""
    wrong = changed(db, point_id, sent, by=who, now=now)
    if wrong is not None:
        return form_page(request, db, wrong, is_new=False)
    return back(request, point_id, "Saved. The state before is in the history.")


@router.post("/points/{point_id}/approve")
def approve(
    request: Request, db: Db, who: Who, now: Now, point_id: UUID, version: Seen
) -> Response:
    """Put a draft on the ledger."""
    service.approve(db, point_id=point_id, seen_version=version, by=who, now=now)
    return back(request, point_id, "Approved: the point is on the ledger.")


@router.post("/points/{point_id}/delist")
def delist(
    request: Request,
    db: Db,
    who: Who,
    now: Now,
    point_id: UUID,
    version: Seen,
    ground: Annotated[str, Form()] = "",
) -> Response:
    """Take a point off the ledger for a ground."""
    service.delist(db, point_id=point_id, seen_version=version, ground=ground, by=who, now=now)
    return back(request, point_id, "De-listed. The point can still be looked up.")


def form_page(request: Request, db: Session, form: PointForm, *, is_new: bool) -> Response:
    """Show the form with what was typed and what is wrong with it."""
    wrong = bool(form.errors or form.problem)
    problem = form.problem and say(request, form.problem.text, **form.problem.values)
    return page(
        request,
        "points/form.html",
        status=422 if wrong else 200,
        section="points",
        form=form,
        problem=problem,
        is_new=is_new,
        types=type_names(request, db),
    )


def back(request: Request, point_id: UUID, text: str) -> Response:
    """Go to the point and say there what was done."""
    return flash.say(RedirectResponse(f"/points/{point_id}", 303), say(request, text))
