"""An inspection where no label can be scanned: it counts, and the record says so."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require
from gis.errors import Conflict, Rejected
from qr_codes.assets import repository as assets
from qr_codes.inspections import lists
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import visit_done
from rescue_app.web.render import say
from rescue_app.web.scan import Form, told
from rescue_app.web.scan_facts import Entered
from rescue_app.web.scan_form import entered_of
from rescue_app.web.scan_photos import submitted
from rescue_app.web.unscanned_form import Unscanned, show

router = APIRouter(include_in_schema=False)


@router.get("/assets/{asset_id}/visit", name="visit_asset")
def show_form(request: Request, db: Db, who: Who, now: Now, asset_id: UUID) -> Response:
    """Show the list of an asset."""
    return form_page(request, db, who, asset_id, now=now)


@router.post("/assets/{asset_id}/visit")
def inspect(  # noqa: D103 - the form's own words
    request: Request, db: Db, who: Who, now: Now, asset_id: UUID, form: Form
) -> Response:
    try:
        kept = submitted(db, asset_id, form, by=who, now=now)
    except (Rejected, Conflict) as trouble:
        entered = entered_of(form, problem=say(request, trouble.text, **trouble.values))
        status = 409 if isinstance(trouble, Conflict) else 422
        return form_page(request, db, who, asset_id, now=now, entered=entered, status=status)
    return told(kept.conflict, f"/assets/{asset_id}/visit/done/{kept.inspection.id}")


@router.get("/assets/{asset_id}/visit/done/{inspection_id}", name="visit_done")
def done(
    request: Request, db: Db, _: Who, now: Now, asset_id: UUID, inspection_id: UUID
) -> Response:
    """Say that the visit was kept."""
    return visit_done.unscanned(request, db, asset_id, inspection_id, now=now)


def form_page(
    request: Request,
    db: Session,
    who: Actor,
    asset_id: UUID,
    *,
    now: datetime,
    entered: Entered | None = None,
    status: int = 200,
) -> Response:
    """Show the form with what was typed."""
    asset = assets.visible(db, asset_id)
    require(who, Act.INSPECT, asset.area_path)
    checklist = lists.at(db, asset, now=now)
    at = f"/assets/{asset_id}/visit"
    return show(request, Unscanned.of(asset, at, checklist, entered), status=status)
