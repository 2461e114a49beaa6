"""An inspection where no label can be scanned: it counts, and the record says so."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require
from gis.errors import Conflict, Rejected
from gis.store.base import new_id
from hazards.checklists.repository import Checklist
from qr_codes.assets import repository as assets
from qr_codes.assets.models import Asset
from qr_codes.findings import repository as findings
from qr_codes.inspections import lists, repository
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import scan_ground, scan_room
from rescue_app.web.render import page, say
from rescue_app.web.scan import Form, told
from rescue_app.web.scan_facts import Entered
from rescue_app.web.scan_form import entered_of
from rescue_app.web.scan_photos import photos_shown, submitted

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Unscanned(scan_ground.Standing):
    """What the form needs of an asset; `at` is where it stands."""

    asset: Asset
    at: str
    checklist: Checklist
    entered: Entered
    visit_id: str
    room: scan_room.Room


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
def done(request: Request, db: Db, _: Who, asset_id: UUID, inspection_id: UUID) -> Response:
    """Say that the visit was kept."""
    visit, asset = repository.visible(db, inspection_id), assets.visible(db, asset_id)
    facts = photos_shown(db, visit) | {"findings": findings.of_inspection(db, visit.id)}
    facts |= {"visit": visit, "asset": asset, "scan": None}
    return page(request, "scan/done.html", at=f"/assets/{asset_id}", **facts)


def form_page(
    request: Request,
    db: Session,
    who: Actor,
    asset_id: UUID,
    *,
    now: Now,
    entered: Entered | None = None,
    status: int = 200,
) -> Response:
    """Show the form with what was typed."""
    asset = assets.visible(db, asset_id)
    require(who, Act.INSPECT, asset.area_path)
    checklist = lists.at(db, asset, now=now)
    at, room = f"/assets/{asset_id}/visit", scan_room.Room("", endless=True)
    scan = Unscanned(asset, at, checklist, entered or Entered(), str(new_id()), room)
    return page(request, "scan/unscanned.html", status=status, scan=scan)
