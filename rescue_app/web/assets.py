"""Desk pages of assets: which there are, which carry a label, and a label's life."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from gis.areas import repository as areas
from gis.authority import Act, may, within
from qr_codes.assets import repository, service
from qr_codes.assets.repository import IN_USE, PAGE_ROWS, Wanted
from qr_codes.coverage import repository as coverage
from qr_codes.inspections import repository as inspections
from qr_codes.labels.sizes import ROLL_70, SIZES
from rescue_app.http.codes import Codes
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.http.printing import Printer
from rescue_app.web import flash
from rescue_app.web.assets_view import about
from rescue_app.web.render import page, say

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form(max_length=100_000)]


def asked_for(  # noqa: D103 - the words of the list's address
    q: str = "",
    kind: Annotated[str, Query(alias="type")] = "",
    label: str = "",
    visit: str = "",
    under: str = "",
    state: str = IN_USE,
    sort: str = "name",
    page_number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1,
) -> Wanted:
    return Wanted(q.strip(), kind, label, under, state, sort, page_number, visit)


Asked = Annotated[Wanted, Depends(asked_for)]


@router.get("/assets", name="assets")
def list_assets(request: Request, db: Db, who: Who, now: Now, asked: Asked) -> Response:
    """List assets with their labels."""
    rows, total = repository.listing(db, coverage.narrowed(db, asked, now=now))
    pages = -(-total // PAGE_ROWS)
    facts: dict[str, Any] = {"rows": rows, "total": total, "pages": pages, "asked": asked}
    facts |= {"types": repository.types(db), "may_enter": may(who, Act.EDIT_ASSET, who.area_path)}
    facts["visited"] = coverage.last_visits(db, [asset.id for asset, _ in rows])
    facts["here"] = areas.by_path(db, asked.under) if within(asked.under, who.area_path) else None
    return page(request, "assets/list.html", section="assets", **facts)


@router.get("/assets/{asset_id}", name="asset")
def show_asset(request: Request, db: Db, actor: Who, now: Now, asset_id: UUID) -> Response:
    """Show an asset: facts, labels, findings, visits."""
    asset = repository.visible(db, asset_id)
    facts = about(db, asset, actor, now)
    facts |= {"strayed": inspections.strayed(db, under="/", now=now, asset_id=asset.id)}
    return page(request, "assets/detail.html", section="assets", **facts)


@router.get("/assets/{asset_id}/label.pdf")
def print_label(
    db: Db, _: Who, printer: Printer, asset_id: UUID, size: str = ROLL_70.code
) -> Response:
    """Print an asset's label in force."""
    asset = repository.visible(db, asset_id)
    label = repository.in_force(db, asset.id)
    found = [repository.seen_label(db, label.id)] if label else []
    return Response(printer.sheet(found, SIZES.get(size, ROLL_70)), media_type="application/pdf")


@router.post("/assets/{asset_id}/codes")
def issue_label(  # noqa: D103 - the form's own words
    request: Request, db: Db, actor: Who, now: Now, codes: Codes, asset_id: UUID,
    hangs_at: Text = "", reason: Text = "",
) -> Response:  # fmt: skip
    ring = codes.signing_ring()
    service.issue(
        db, asset_id=asset_id, ring=ring, by=actor, now=now, hangs_at=hangs_at, reason=reason
    )
    return back(request, asset_id, "The label is issued. Print it and hang it up.")


@router.post("/codes/{code_id}/damage")
def report_damage(
    request: Request, db: Db, actor: Who, now: Now, code_id: UUID, reason: Text = ""
) -> Response:
    """Note that a label is damaged."""
    label = service.report_damage(db, code_id=code_id, by=actor, now=now, reason=reason)
    return back(request, label.asset_id, "Noted: the label is damaged.")


@router.post("/codes/{code_id}/revoke")
def revoke(
    request: Request, db: Db, actor: Who, now: Now, code_id: UUID, reason: Text = ""
) -> Response:
    """End a label."""
    label = service.revoke(db, code_id=code_id, by=actor, now=now, reason=reason)
    return back(request, label.asset_id, "The label is revoked. Whoever scans it is told.")


def back(request: Request, asset_id: UUID, text: str) -> Response:
    """Go back to the asset and say what happened."""
    return flash.say(RedirectResponse(f"/assets/{asset_id}", 303), say(request, text))
