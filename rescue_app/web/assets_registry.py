"""Pages on which the registry is kept: enter an asset, change it, take it out of use, back."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi import Form as Chosen
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from gis.areas import framing
from gis.authority import Act, Actor, require
from qr_codes.assets import linking, registering, repository, service
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import assets_form as forms
from rescue_app.web import flash
from rescue_app.web.assets import Text
from rescue_app.web.assets_form import AssetForm
from rescue_app.web.render import page, say
from rescue_app.web.scan import Form

router = APIRouter(include_in_schema=False)
Degrees = Annotated[float | None, Query(ge=-180, le=180)]
Kind = Annotated[str, Query(alias="type")]
Ids = Annotated[list[UUID] | None, Chosen()]
SAVED = "Saved."
OUT = "Out of use. Its label is revoked; it can be brought back on its page."


@router.get("/assets/new", name="new_asset")
def new_page(  # noqa: D103 - the words of the address
    request: Request, db: Db, who: Who, kind: Kind = "",
    lon: Degrees = None, lat: Degrees = None,
) -> Response:  # fmt: skip
    require(who, Act.EDIT_ASSET, who.area_path)
    if not kind:
        return page(request, "assets/kinds.html", section="assets", types=repository.types(db))
    return form_page(request, db, who, forms.empty(db, kind, lon=lon, lat=lat), to="/assets/new")


@router.post("/assets/new")
def enter(request: Request, db: Db, who: Who, now: Now, form: Form) -> Response:
    """Enter an asset."""
    wrong = forms.entered(db, form, by=who, now=now)
    if wrong is not None:
        return form_page(request, db, who, wrong, to="/assets/new")
    return back(request, UUID(str(form["id"])), "Entered. Give it a label next.")


@router.get("/assets/{asset_id}/edit", name="edit_asset")
def edit_page(
    request: Request,
    db: Db,
    who: Who,
    asset_id: UUID,
    kind: Kind = "",
) -> Response:
    """Show the form on what the registry says now."""
    asset = repository.visible(db, asset_id)
    require(who, Act.EDIT_ASSET, asset.area_path)
    form = forms.of(db, asset, kind=kind)
    return form_page(request, db, who, form, to=f"/assets/{asset_id}/edit")


@router.post("/assets/{asset_id}/edit")
def change(request: Request, db: Db, who: Who, now: Now, asset_id: UUID, form: Form) -> Response:
    """Change an asset, in view of the version the form was opened on."""
    wrong = forms.changed(db, asset_id, form, by=who, now=now)
    if wrong is not None:
        return form_page(request, db, who, wrong, to=f"/assets/{asset_id}/edit")
    return back(request, asset_id, SAVED)


@router.post("/assets/{asset_id}/retire")
def retire(
    request: Request, db: Db, who: Who, now: Now, asset_id: UUID, reason: Text = ""
) -> Response:
    """Take an asset out of use."""
    registering.retire(db, asset_id=asset_id, reason=reason, by=who, now=now)
    return back(request, asset_id, OUT)


@router.post("/assets/{asset_id}/restore")
def restore(request: Request, db: Db, who: Who, now: Now, asset_id: UUID) -> Response:
    """Bring an asset back into use."""
    registering.restore(db, asset_id=asset_id, by=who, now=now)
    return back(request, asset_id, "In use again. Give it a new label.")


@router.post("/assets/{asset_id}/photos")
def add_photos(
    request: Request, db: Db, who: Who, asset_id: UUID, file_ids: Ids = None
) -> Response:
    """Add pictures that show the asset."""
    service.add_photos(db, asset_id=asset_id, file_ids=file_ids or (), by=who)
    return back(request, asset_id, SAVED)


@router.post("/assets/{asset_id}/links")
def link(
    request: Request,
    db: Db,
    who: Who,
    now: Now,
    asset_id: UUID,
    relation: Text = "",
    number: Text = "",
) -> Response:
    """Say what another asset is to this one."""
    linking.link(db, asset_id=asset_id, relation=relation, number=number, by=who, now=now)
    return back(request, asset_id, SAVED)


@router.post("/assets/{asset_id}/links/{relation}/{other_id}/remove")
def unlink(
    request: Request, db: Db, who: Who, asset_id: UUID, relation: str, other_id: UUID
) -> Response:
    """Take a link away."""
    linking.unlink(db, asset_id=asset_id, relation=relation, other_id=other_id, by=who)
    return back(request, asset_id, SAVED)


def form_page(request: Request, db: Session, who: Actor, form: AssetForm, *, to: str) -> Response:
    """Show the form with what was typed and what is wrong with it; it is sent to `to`."""
    wrong = {name: say(request, e.text, **e.values) for name, e in form.errors.items()}
    problem = form.problem and say(request, form.problem.text, **form.problem.values)
    bounds = framing.extent(db, who.area_path)
    facts = {"form": form, "wrong": wrong, "problem": problem, "to": to, "bounds": bounds}
    status = 422 if wrong or problem else 200
    types = repository.types(db)
    return page(request, "assets/form.html", status=status, section="assets", types=types, **facts)


def back(request: Request, asset_id: UUID, text: str) -> Response:
    """Go to the asset and say what happened."""
    return flash.say(RedirectResponse(f"/assets/{asset_id}", 303), say(request, text))
