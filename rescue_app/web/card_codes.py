"""What the code on a card opens: its point, or for anybody else what to do."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from hazards.points import repository
from rescue_app.http.dependencies import Db, MaybeWho
from rescue_app.http.printing import Printer
from rescue_app.web.render import page

router = APIRouter(include_in_schema=False)


@router.get("/P/{point_id}")
@router.get("/p/{point_id}", name="card")
def scanned(request: Request, db: Db, who: MaybeWho, printer: Printer, point_id: UUID) -> Response:
    """Open the point for whoever may see it; tell anybody else what to do, and nothing of it."""
    if who is not None and repository.find(db, point_id) is not None:
        return RedirectResponse(f"/points/{point_id}", 303)
    return page(request, "papers/scanned.html", number=printer.emergency, point_id=point_id)
