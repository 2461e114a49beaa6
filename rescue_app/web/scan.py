"""The page behind a code: for a patrol the checklist at once, for a resident the plain truth."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from gis.errors import Conflict, Missing, PlatformError, Rejected
from qr_codes import signing
from qr_codes.inspections import repository as inspections
from rescue_app.http.codes import Codes
from rescue_app.http.dependencies import Db, MaybeWho, Now, Who
from rescue_app.http.scanning import look_up, warned_there
from rescue_app.web import scan_ended, scan_facts, visit_done
from rescue_app.web.render import page, say
from rescue_app.web.scan_facts import Entered
from rescue_app.web.scan_form import entered_of, text
from rescue_app.web.scan_photos import submitted

router = APIRouter(include_in_schema=False)
PATROL, RESIDENT = "scan/page.html", "scan/resident.html"
REFUSED = {
    signing.Mistyped: (400, "mistyped"),
    signing.Forged: (403, "forged"),
    Missing: (404, "lost"),
}


async def form_of(request: Request) -> AsyncIterator[FormData]:
    """Read the form: its fields are the items of a checklist, known only at run time."""
    async with request.form() as form:
        yield form


Form = Annotated[FormData, Depends(form_of)]
Wanted = Annotated[str, Query(alias="list", max_length=200)]


@router.get("/c", name="enter_code")
def enter_code(request: Request, _: Db, code: str = "") -> Response:
    """Take a code typed by hand from below the symbol."""
    if code:
        return RedirectResponse(f"/c/{quote(code, safe='')}", 303)
    return page(request, "scan/enter.html", code="")


@router.get("/C/{code}")
@router.get("/c/{code}", name="scan")
def scan(
    request: Request,
    db: Db,
    actor: MaybeWho,
    now: Now,
    codes: Codes,
    code: str,
    wanted: Wanted = "",
) -> Response:
    """Show what a code stands for, or why it stands for nothing."""
    try:
        return show(request, db, look_up(db, codes, code, actor=actor), now, wanted=wanted)
    except (signing.Mistyped, signing.Forged, Missing) as trouble:
        return refuse(request, code, trouble)


@router.api_route("/c/{code}/all", methods=["GET", "POST"], name="scan_whole")
def whole(
    request: Request, db: Db, actor: MaybeWho, now: Now, codes: Codes, code: str, form: Form
) -> Response:
    """Show all there is about an asset, whatever it weighs; what was typed comes along."""
    label, entered = look_up(db, codes, code, actor=actor), entered_of(form, problem="")
    wanted = text(form, "template_code")
    return show(request, db, label, now, entered=entered, whole=True, wanted=wanted)


@router.post("/c/{code}")
def inspect(  # noqa: D103 - the form's own words
    request: Request, db: Db, actor: Who, now: Now, codes: Codes, code: str, form: Form
) -> Response:
    label = look_up(db, codes, code, actor=actor)
    try:
        kept = submitted(db, label.asset_id, form, by=actor, now=now, code_id=label.id)
    except (Rejected, Conflict) as trouble:
        return again(request, db, label, form, trouble, now)
    return told(kept.conflict, f"/c/{label.code}/done/{kept.inspection.id}")


def told(conflict: UUID | None, done: str) -> Response:
    """Lead to what was kept, or to the two versions that contradict each other."""
    return RedirectResponse(f"/conflicts/{conflict}" if conflict else done, 303)


@router.get("/c/{code}/done/{inspection_id}", name="scan_done")
def done(
    request: Request, db: Db, who: Who, now: Now, codes: Codes, code: str, inspection_id: UUID
) -> Response:
    """Say that a visit was kept and what it led to."""
    facts = visit_done.became(db, inspections.visible(db, inspection_id), now=now)
    scan = scan_facts.facts(db, look_up(db, codes, code, actor=who), actor=who, now=now)
    facts |= {"asset": scan.asset, "at": f"/c/{scan.label.code}"}
    return page(request, "scan/done.html", scan=scan, **facts)


def show(request: Request, db: Db, label: Any, now: datetime, **more: Any) -> Response:
    """Show a label: its page while it is in force, where to go when it is not."""
    actor = request.state.actor
    ended = scan_ended.ended(db, label, actor=actor)
    if ended is not None:
        return page(request, "scan/ended.html", status=410, ended=ended)
    state = warned_there(request.app, label, now=now)  # before what it is the sign of
    scan = scan_facts.facts(db, label, actor=actor, now=now, **more)
    return page(request, PATROL if actor else RESIDENT, scan=scan, state=state)


def again(
    request: Request, db: Db, label: Any, form: FormData, trouble: PlatformError, now: datetime
) -> Response:
    """Bring the form back as it was filled in, with the reason; nothing typed is lost."""
    entered: Entered = entered_of(form, problem=say(request, trouble.text, **trouble.values))
    more: dict[str, Any] = {"entered": entered, "wanted": text(form, "template_code")}
    scan = scan_facts.facts(db, label, actor=request.state.actor, now=now, **more)
    status = 409 if isinstance(trouble, Conflict) else 422
    return page(request, PATROL, status=status, scan=scan, state="")


def refuse(request: Request, code: str, trouble: PlatformError) -> Response:
    """Say plainly what is wrong with a code that is not one of ours."""
    status, kind = REFUSED[type(trouble)]
    told = say(request, trouble.text, **trouble.values)
    typed = signing.grouped(signing.tidy(code)) if len(code) <= 40 else ""
    return page(request, "scan/refused.html", status=status, kind=kind, told=told, code=typed)
