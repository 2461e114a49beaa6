"""One change of many points: choose the fields, look at what would change, apply."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response
from pydantic import ValidationError
from sqlalchemy.orm import Session

from gis.errors import Rejected
from gis.store.base import new_id
from hazards.points.cases import bulk
from hazards.points.cases.bulk import Chosen, Outlook
from hazards.points.cases.models import LedgerCase
from hazards.points.cases.proposing import Ask
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web.points import to_case
from rescue_app.web.points_bulk_form import Sent, Which
from rescue_app.web.points_form import NOT_SO, WRONG
from rescue_app.web.points_view import type_names, without_page
from rescue_app.web.render import page, say

router = APIRouter(include_in_schema=False)
SHOWN = 20


Asked = Annotated[Which, Query()]
Typed = Annotated[Sent, Form()]


@router.get("/points/bulk", name="bulk")
def bulk_page(request: Request, db: Db, who: Who, now: Now, asked: Asked) -> Response:
    """Show which points are meant, and the fields they may get a new value in."""
    return shown(request, db, Sent(id=new_id()), count=len(asked.rows(db, who, now)))


@router.post("/points/bulk/preview")
def preview(request: Request, db: Db, who: Who, now: Now, asked: Asked, sent: Typed) -> Response:
    """Show what would change from what to what; nothing is written."""
    rows = asked.rows(db, who, now)
    view, told = looked(request, db, rows, sent)
    return shown(request, db, sent, count=len(rows), view=view, **told)


@router.post("/points/bulk")
def apply(request: Request, db: Db, who: Who, now: Now, asked: Asked, sent: Typed) -> Response:
    """Apply for the change that was looked at, as one case."""
    ask, changes = Ask(sent.id, who, now, sent.reason), sent.checked()
    view = bulk.outlook(db, asked.rows(db, who, now), changes)
    title = title_of(request, view.changing)
    bulk.change(db, ask=ask, title=title, view=view, seen=sent.seen, changes=changes)
    return to_case(request, sent.id)


def looked(
    request: Request, db: Session, rows: Sequence[Chosen], sent: Sent
) -> tuple[Outlook | None, dict[str, Any]]:
    """Give what would change, or what is wrong with the values."""
    try:
        return bulk.outlook(db, rows, sent.changes()), {}
    except ValidationError as error:
        return None, {"errors": wrong(error)}
    except Rejected as problem:
        return None, {"problem": say(request, problem.text, **problem.values)}


def title_of(request: Request, rows: Sequence[Chosen]) -> str:
    """Name the case by its first point and how many there are."""
    names = [row.name for row in rows[:1]]
    if len(rows) < 2:
        return "".join(names)
    return say(request, "{name} and others, {count} in all", name=names[0], count=len(rows))


def wrong(error: ValidationError) -> dict[str, str]:
    """Say beside each field what is wrong with it."""
    return {str(e["loc"][0]): WRONG.get(e["type"], NOT_SO) for e in error.errors() if e["loc"]}


def shown(
    request: Request,
    db: Session,
    sent: Sent,
    *,
    count: int,
    view: Outlook | None = None,
    errors: dict[str, str] | None = None,
    problem: str | None = None,
    case: LedgerCase | None = None,
) -> Response:
    """Show the page, with the preview once there is one; for a case that came back, on its own."""
    question = without_page(request)
    base, tail = (f"/cases/{case.id}/bulk", "") if case else ("/points/bulk", f"?{question}")
    return page(
        request,
        "points/bulk.html",
        status=422 if errors or problem else 200,
        section="cases" if case else "points",
        sent=sent,
        count=count,
        view=view,
        lines=view.changing[:SHOWN] if view else (),
        changes=sent.changes() if view else {},
        errors=errors or {},
        problem=problem,
        case=case,
        to=f"{base}{tail}",
        to_preview=f"{base}/preview{tail}",
        types=type_names(request, db),
    )
