"""Traffic at an asset: lay down the detour, close it, reopen it; pages that need no script."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from gis.authority import Act, require
from gis.errors import Conflict, Rejected
from qr_codes.assets import repository as assets
from qr_codes.assets.models import Asset
from qr_codes.traffic import repository, service
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import flash
from rescue_app.web import traffic_form as forms
from rescue_app.web.assets import Text
from rescue_app.web.render import page, say
from rescue_app.web.scan import Form
from rescue_app.web.traffic_form import TrafficForm

router = APIRouter(include_in_schema=False)
AROUND = 0.01
"""Degrees of ground shown around an asset on the form's map."""


@router.get("/assets/{asset_id}/traffic", name="asset_traffic")
def plan_page(request: Request, db: Db, who: Who, asset_id: UUID) -> Response:
    """Show how traffic is led, and all plans before."""
    asset = assets.visible(db, asset_id)
    require(who, Act.EDIT_ASSET, asset.area_path)
    plan = repository.plan_of(db, asset.id)
    form = forms.of(plan, closer=asset.owner_unit, closer_phone=asset.owner_phone)
    return form_page(request, db, asset, form)


@router.post("/assets/{asset_id}/traffic")
def keep_plan(request: Request, db: Db, who: Who, now: Now, asset_id: UUID, form: Form) -> Response:
    """Lay down how traffic is led."""
    asset = assets.visible(db, asset_id)
    came = forms.sent(form)
    if kept(db, asset_id, came, by=who, now=now):
        return back(request, f"/assets/{asset_id}#traffic", "Saved.")
    return form_page(request, db, asset, came)


@router.post("/assets/{asset_id}/closures")
def close(request: Request, db: Db, who: Who, now: Now, asset_id: UUID, form: Form) -> Response:
    """Close an asset to traffic."""
    closure_id, draft = forms.closure_of(form)
    service.close(db, asset_id=asset_id, closure_id=closure_id, draft=draft, by=who, now=now)
    to = landing(form.get("next"), asset_id)
    return back(request, to, "Closed to traffic. Everyone who scans it is told.")


@router.post("/closures/{closure_id}/reopen")
def reopen(
    request: Request, db: Db, who: Who, now: Now, closure_id: UUID, note: Text = ""
) -> Response:
    """Give an asset back to traffic."""
    closure = service.reopen(db, closure_id=closure_id, note=note, by=who, now=now)
    return back(request, f"/assets/{closure.asset_id}#traffic", "Open to traffic again.")


def kept(session: Session, asset_id: UUID, form: TrafficForm, **who: Any) -> bool:
    """Write what was typed, or note what is wrong with it."""
    draft = form.read()
    if draft is None:
        return False
    seen = form.version
    try:
        service.plan(
            session, asset_id=asset_id, plan_id=form.id, seen_version=seen, draft=draft, **who
        )
    except (Rejected, Conflict) as problem:
        form.problem = problem
        return False
    return True


def form_page(request: Request, db: Session, asset: Asset, form: TrafficForm) -> Response:
    """Show the form with what was typed, what is wrong with it, and the plans before."""
    wrong = {name: say(request, e.text, **e.values) for name, e in form.errors.items()}
    problem = form.problem and say(request, form.problem.text, **form.problem.values)
    facts = {"asset": asset, "form": form, "wrong": wrong, "problem": problem}
    facts |= {"plans": repository.plans_of(db, asset.id), "middle": asset.place.centroid}
    facts |= {"bounds": list(asset.place.buffer(AROUND).bounds)}
    status = 422 if wrong or problem else 200
    return page(request, "assets/traffic.html", status=status, section="assets", **facts)


def landing(wanted: object, asset_id: UUID) -> str:
    """Go back to the scan page where it came from there."""
    ours = isinstance(wanted, str) and wanted.startswith("/c/")
    return str(wanted) if ours else f"/assets/{asset_id}#traffic"


def back(request: Request, to: str, text: str) -> Response:
    """Go there and say what happened."""
    return flash.say(RedirectResponse(to, 303), say(request, text))
