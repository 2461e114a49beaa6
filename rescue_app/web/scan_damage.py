"""A damaged label, noted by whoever stands before it: his page stays, with what he answered."""

from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from qr_codes.assets import service as labels
from qr_codes.assets.rules import CodeState
from rescue_app.http.codes import Codes
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.http.scanning import look_up, on_site
from rescue_app.web.scan import Form, show
from rescue_app.web.scan_form import entered_of

router = APIRouter(include_in_schema=False)


@router.get("/c/{code}/damaged")
def noted(code: str) -> Response:
    """Lead whoever loads the answer again to the code itself."""
    return RedirectResponse(f"/c/{quote(code, safe='')}", 303)


@router.post("/c/{code}/damaged", name="scan_damaged")
def damaged(
    request: Request, db: Db, actor: Who, now: Now, codes: Codes, code: str, form: Form
) -> Response:
    """Note that the label is damaged and stay on its page, with what was answered so far."""
    label = on_site(db, codes, code, actor=actor)
    if label.state != CodeState.DAMAGED:
        labels.report_damage(db, code_id=label.id, by=actor, now=now)
        label = look_up(db, codes, code, actor=actor)
    return show(request, db, label, now, entered=entered_of(form, problem=""))
