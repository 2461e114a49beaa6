"""Pages of residents: report what is seen at a code, and follow it by the number of the receipt."""

from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from gis.errors import Conflict, PlatformError, Rejected
from gis.store.base import new_id
from gis.store.scope import RESIDENT, Scope, enter
from qr_codes.assets.models import RiskCode
from qr_codes.findings import reporting, reports
from rescue_app.http.codes import Codes
from rescue_app.http.dependencies import Db, MaybeWho, Now
from rescue_app.http.scanning import on_site
from rescue_app.web.render import page, say
from rescue_app.web.reports_form import report_of
from rescue_app.web.scan import Form
from rescue_app.web.scan_form import text

router = APIRouter(include_in_schema=False)


@router.get("/c/{code}/report", name="report")
def report_page(request: Request, db: Db, actor: MaybeWho, codes: Codes, code: str) -> Response:
    """Show the form."""
    label = on_site(db, codes, code, actor=actor)
    return form_page(request, db, label, FormData())


@router.post("/c/{code}/report")
def report(  # noqa: D103 - the form's own words
    request: Request, db: Db, actor: MaybeWho, now: Now, codes: Codes, code: str, form: Form
) -> Response:
    label = on_site(db, codes, code, actor=actor)
    try:
        said = report_of(request, form, label, codes, now)
        kept = reporting.report(db, asset_id=label.asset_id, said=said, now=now)
    except (Rejected, Conflict) as trouble:
        enter(db, Scope.of(actor) if actor else RESIDENT)
        return form_page(request, db, label, form, trouble)
    return RedirectResponse(f"/r/{kept.receipt}", 303)


@router.get("/r", name="enter_receipt")
def enter_receipt(request: Request, _: Db, number: str = "") -> Response:
    """Take the number of a receipt."""
    if number:
        return RedirectResponse(f"/r/{quote(number, safe='')}", 303)
    return page(request, "reports/enter.html")


@router.get("/r/{number}", name="receipt")
def follow(request: Request, db: Db, number: str) -> Response:
    """Show what became of a report; nobody's name, nobody's words."""
    return page(request, "reports/receipt.html", found=reporting.follow(db, number))


@router.post("/r/{number}/read")
def read(db: Db, now: Now, number: str) -> Response:
    """Note that whoever reported it knows how it ended."""
    reporting.read(db, number, now=now)
    return RedirectResponse(f"/r/{quote(number, safe='')}", 303)


def form_page(
    request: Request, db: Db, label: RiskCode, form: FormData, trouble: PlatformError | None = None
) -> Response:
    """Show the form, with what was filled in and why it was not taken."""
    told = say(request, trouble.text, **trouble.values) if trouble else ""
    facts = {"label": label, "kinds": reports.kinds(db), "problem": told}
    facts |= {"report_id": new_id(), "words": text(form, "words"), "chosen": text(form, "kind")}
    return page(request, "reports/report.html", status=422 if trouble else 200, **facts)
