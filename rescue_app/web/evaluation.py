"""Pages of the city's evaluation: draw a sample, read it finding by finding, see the rates."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from gis.errors import Conflict, PlatformError, Rejected
from qr_codes.evaluation import repository, service
from qr_codes.evaluation.repository import PAGE_ROWS, Shown
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import evaluation_view as view
from rescue_app.web import flash
from rescue_app.web.evaluation_form import draw_of, said_of
from rescue_app.web.render import page, say
from rescue_app.web.scan import Form
from rescue_app.web.tables import as_csv

router = APIRouter(prefix="/findings/evaluation", include_in_schema=False)


@router.get("", name="evaluation")
def list_page(request: Request, db: Db, who: Who, now: Now) -> Response:
    """Show the draws, and the form of the next one to whoever draws."""
    facts = view.draws(db, by=who, now=now)
    return page(request, "evaluation/list.html", section="findings", problem="", **facts)


@router.post("")
def draw(request: Request, db: Db, who: Who, now: Now, form: Form) -> Response:
    """Draw a sample."""
    try:
        made = service.draw(db, draw_of(form), by=who, now=now)
    except Rejected as trouble:
        given = {"given": dict(form), "problem": told(request, trouble)}
        facts = view.draws(db, by=who, now=now) | given
        return page(request, "evaluation/list.html", status=422, section="findings", **facts)
    return RedirectResponse(f"/findings/evaluation/{made.id}", 303)


def told(request: Request, trouble: PlatformError) -> str:
    """Say what was refused in the reader's language."""
    return say(request, trouble.text, **trouble.values)


@router.get("/{sample_id}.csv")
def export(request: Request, db: Db, _: Who, sample_id: UUID) -> Response:
    """Give a sample as a table that every spreadsheet opens."""
    sample = repository.sample(db, sample_id)
    return as_csv(view.table(request, db, sample), name=f"evaluation-{sample.closed_to}")


@router.get("/{sample_id}", name="sample")
def sample_page(
    request: Request, db: Db, who: Who, now: Now, sample_id: UUID, show: Shown | None = None,
    page_number: Annotated[int, Query(alias="page", ge=1, le=1_000)] = 1,
) -> Response:  # fmt: skip
    """Show what a sample says, by district, office and question, and what is in it."""
    facts = view.results(request, db, repository.sample(db, sample_id), by=who, now=now)
    rows, total = repository.listing(db, sample_id, show=show, page=page_number)
    facts |= {"rows": rows, "total": total, "page": page_number, "show": show or ""}
    facts |= {"pages": -(-total // PAGE_ROWS)}
    return page(request, "evaluation/sample.html", section="findings", **facts)


@router.get("/{sample_id}/{finding_id}", name="evaluate")
def show(request: Request, db: Db, who: Who, sample_id: UUID, finding_id: UUID) -> Response:
    """Show a finding of a sample with its photos, its hops and its marks."""
    facts = view.one(db, sample_id, finding_id, by=who)
    return page(request, "evaluation/one.html", section="findings", problem="", **facts)


@router.post("/{sample_id}/{finding_id}")
def evaluate(
    request: Request, db: Db, who: Who, now: Now, sample_id: UUID, finding_id: UUID, form: Form
) -> Response:
    """Keep the marks, and go on to the next one that waits."""
    which = {"sample_id": sample_id, "finding_id": finding_id}
    try:
        with db.begin_nested():  # marks without the way back would be half an answer
            service.evaluate(db, **which, said=said_of(form), by=who, now=now)
    except (Rejected, Conflict) as trouble:
        return again(request, db, who, sample_id, finding_id, form, trouble)
    return onward(request, db, sample_id, finding_id)


def again(
    request: Request, db: Db, who: Who, sample_id: UUID, finding_id: UUID, form: Form,
    trouble: PlatformError,
) -> Response:  # fmt: skip
    """Bring the form back as it was filled in, with the reason."""
    facts = view.one(db, sample_id, finding_id, by=who) | {"given": dict(form)}
    status = 409 if isinstance(trouble, Conflict) else 422
    facts |= {"problem": told(request, trouble)}
    return page(request, "evaluation/one.html", status=status, section="findings", **facts)


def onward(request: Request, db: Db, sample_id: UUID, finding_id: UUID) -> Response:
    """Go to the next finding that waits, or back to the sample when all are read."""
    coming = repository.next_waiting(db, sample_id, after=finding_id)
    there = f"/findings/evaluation/{sample_id}" + (f"/{coming}" if coming else "")
    text = say(request, "Kept. This is the next one." if coming else "Kept. All are read.")
    return flash.say(RedirectResponse(there, 303), text)
