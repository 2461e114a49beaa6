"""One change of many points: choose the fields, look at what would change, apply."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field, ValidationError
from sqlalchemy.orm import Session

from gis.authority import Act, require
from gis.errors import Rejected
from gis.store.base import new_id
from hazards.points.cases import bulk
from hazards.points.cases.bulk import Outlook
from hazards.points.cases.proposing import Ask
from hazards.points.history import Difference
from rescue_app.api.points_query import PointQuery
from rescue_app.api.points_said import MAY_BE_NULL, Changes
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web.points import to_case
from rescue_app.web.points_form import NOT_SO, WRONG
from rescue_app.web.points_view import type_names, without_page
from rescue_app.web.render import page, say

router = APIRouter(include_in_schema=False)
SHOWN = 20
FIELDS = tuple(bulk.FIELDS)


class Which(PointQuery):
    """Which points: those ticked on the list, or all that its filter means."""

    pick: list[UUID] = Field(default_factory=list, max_length=500)
    ticked: bool = False

    def rows(self, db: Session, who: Who, now: Now) -> Any:
        """Give the points, as far as this person may change any."""
        if self.ticked and not self.pick:
            raise Rejected("No point is ticked. Tick some on the list, or take all of the filter.")
        rows = bulk.chosen(db, self.filter(db, now), self.pick)
        require(who, Act.EDIT_POINT, who.area_path)
        return rows


class Sent(BaseModel):
    """The form as a browser sends it; only fields named in `set` count."""

    id: UUID
    seen: str = ""
    reason: str = ""
    set: list[str] = []
    category: str = ""
    evidence: str = ""
    hazard_type: str = ""
    owner_name: str = ""
    owner_phone: str = ""
    owner_unit: str = ""
    owner_post: str = ""
    monitoring_name: str = ""
    monitoring_phone: str = ""
    monitoring_post: str = ""
    monitoring_method: str = ""
    plan_exists: str = ""
    cards_given: str = ""
    drilled_on: str = ""
    works_stage: str = ""

    def typed(self) -> dict[str, str]:
        """Give what was typed into the chosen fields."""
        return {name: getattr(self, name).strip() for name in FIELDS if name in self.set}

    def changes(self) -> dict[str, object]:
        """Give the new values; an empty one means that nothing is known."""
        said = {n: v or (None if n in MAY_BE_NULL else "") for n, v in self.typed().items()}
        return Changes.model_validate({"version": 0, **said}).changes()

    def checked(self) -> dict[str, object]:
        """Give the new values, or refuse what the preview would not have let through."""
        try:
            return self.changes()
        except ValidationError as error:
            raise Rejected(NOT_SO) from error


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
    title = title_of(request, view)
    bulk.change(db, ask=ask, title=title, view=view, seen=sent.seen, changes=changes)
    return to_case(request, sent.id)


def looked(
    request: Request, db: Session, rows: Any, sent: Sent
) -> tuple[Outlook | None, dict[str, Any]]:
    """Give what would change, or what is wrong with the values."""
    try:
        return bulk.outlook(db, rows, sent.changes()), {}
    except ValidationError as error:
        return None, {"errors": wrong(error)}
    except Rejected as problem:
        return None, {"problem": say(request, problem.text, **problem.values)}


def title_of(request: Request, view: Outlook) -> str:
    """Name the case by its first point and how many there are."""
    names = [row.name for row in view.changing[:1]]
    if len(view.changing) < 2:
        return "".join(names)
    return say(
        request, "{name} and others, {count} in all", name=names[0], count=len(view.changing)
    )


def wrong(error: ValidationError) -> dict[str, str]:
    """Say beside each field what is wrong with it."""
    return {str(e["loc"][0]): WRONG.get(e["type"], NOT_SO) for e in error.errors() if e["loc"]}


def lines(view: Outlook, changes: dict[str, object]) -> list[Any]:
    """Give the first points with what changes in each."""
    return [
        (
            row,
            [
                Difference(name, getattr(row, name), new)
                for name, new in changes.items()
                if getattr(row, name) != new
            ],
        )
        for row in view.changing[:SHOWN]
    ]


def shown(
    request: Request,
    db: Session,
    sent: Sent,
    *,
    count: int,
    view: Outlook | None = None,
    errors: dict[str, str] | None = None,
    problem: str | None = None,
) -> Response:
    """Show the page, with the preview once there is one."""
    return page(
        request,
        "points/bulk.html",
        status=422 if errors or problem else 200,
        section="points",
        sent=sent,
        count=count,
        view=view,
        lines=lines(view, sent.changes()) if view else [],
        errors=errors or {},
        problem=problem,
        question=without_page(request),
        types=type_names(request, db),
    )
