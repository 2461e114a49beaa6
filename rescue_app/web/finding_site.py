"""A finding on site, behind the asset's own code: look, add a photo, verify or send back."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from gis.errors import Conflict, Forbidden, Missing, PlatformError, Rejected
from qr_codes.assets.models import RiskCode
from qr_codes.findings import repository, service
from qr_codes.findings.models import Finding
from rescue_app.http.codes import Codes
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.http.scanning import on_site
from rescue_app.web import finding_view
from rescue_app.web.finding_form import deed_of
from rescue_app.web.render import page, say
from rescue_app.web.scan import Form

router = APIRouter(include_in_schema=False)


def of_label(db: Db, label: RiskCode, finding_id: UUID) -> Finding:
    """Give a finding of the asset that the label hangs on."""
    found = repository.visible(db, finding_id)
    if found.asset_id != label.asset_id:
        raise Missing("There is no such finding at this asset. Open it from the list.")
    return found


@router.get("/c/{code}/findings/{finding_id}", name="finding_on_site")
def look(
    request: Request, db: Db, actor: Who, codes: Codes, code: str, finding_id: UUID
) -> Response:
    """Show a finding where it was found, with its first photo."""
    label = on_site(db, codes, code, actor=actor)
    found = of_label(db, label, finding_id)
    facts = finding_view.facts(db, found, by=actor)
    return page(request, "findings/site.html", label=label, problem="", note="", **facts)


@router.post("/c/{code}/findings/{finding_id}")
def take(  # noqa: D103 - the form's own words
    request: Request,
    db: Db,
    actor: Who,
    now: Now,
    codes: Codes,
    code: str,
    finding_id: UUID,
    form: Form,
) -> Response:
    label = on_site(db, codes, code, actor=actor)
    of_label(db, label, finding_id)
    try:
        deed = deed_of(db, form, by=actor, label=label)
        service.take(db, finding_id=finding_id, deed=deed, by=actor, now=now)
    except (Rejected, Conflict, Forbidden) as trouble:
        return again(request, db, label, finding_id, form, trouble)
    return RedirectResponse(f"/c/{label.code}/findings/{finding_id}", 303)


def again(
    request: Request,
    db: Db,
    label: RiskCode,
    finding_id: UUID,
    form: FormData,
    trouble: PlatformError,
) -> Response:
    """Bring the page back with the reason and the words; the photo is chosen again."""
    facts = finding_view.facts(db, repository.visible(db, finding_id), by=request.state.actor)
    note = form.get("note", "")
    told = {"problem": say(request, trouble.text, **trouble.values), "note": note}
    status = {Conflict: 409, Forbidden: 403}.get(type(trouble), 422)
    return page(request, "findings/site.html", status=status, label=label, **told, **facts)
