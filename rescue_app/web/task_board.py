"""The planner's board of lists: figures, loads, the list itself, and who shall do it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, may, within
from gis.errors import Rejected
from hazards.points import types
from hazards.tasks import assigning, boards
from hazards.tasks.assigning import Carrier
from hazards.tasks.boards import Shown, Wanted
from qr_codes.assets import repository as assets
from rescue_app.auth import repository as accounts
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import flash
from rescue_app.web.points_view import areas_read
from rescue_app.web.render import language, local_time, page, say
from rescue_app.web.tables import as_csv

router = APIRouter(include_in_schema=False)
HEADS = (
    "List",
    "Point or asset",
    "Number",
    "Area",
    "For whom",
    "From",
    "Due",
    "Begun",
    "Done",
    "Done by",
    "Grade",
)


def asked_for(  # noqa: D103 - the words of the board's address
    actor: Who,
    now: Now,
    area: str = "",
    state: Shown = Shown.OVERDUE,
    template: str = "",
    mode: str = "",
    hazard_type: str = "",
    person: UUID | None = None,
    page_number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1,
) -> Wanted:
    path = area if area and within(area, actor.area_path) else actor.area_path
    return Wanted(path, now, state, template, mode, hazard_type, person, page_number)


Asked = Annotated[Wanted, Depends(asked_for)]


@router.get("/tasks", name="tasks")
def show_board(request: Request, db: Db, actor: Who, asked: Asked) -> Response:
    """Show what is due, overdue and done in an area, and the list behind it."""
    seq = request.app.state.hub.seq
    return page(
        request, "tasks/board.html", section="tasks", seq=seq, **gather(request, db, actor, asked)
    )


def gather(request: Request, session: Session, actor: Actor, asked: Wanted) -> dict[str, Any]:
    """Give what stands on the board."""
    loads = boards.loads(session, asked)
    facts: dict[str, Any] = {"asked": asked, "figures": loads.figures()}
    facts |= {"areas": loads.by_area(), "people": loads.by_person()}
    facts["rows"] = boards.listing(session, asked)
    facts["lists"] = boards.templates(session, loads.templates)
    facts["types"] = types.all_types(session)
    facts["asset_types"] = assets.types(session)
    facts["pages"] = -(-facts["figures"][asked.shown] // boards.PAGE_ROWS)
    facts["may_assign"] = may(actor, Act.ASSIGN_TASK, asked.area_path)
    on_rounds = accounts.on_rounds(session, asked.area_path) if facts["may_assign"] else []
    named = paths(facts) | {asked.area_path}
    names = areas_read(request, session, named, asked.now)
    return facts | {"carriers": on_rounds, "names": names}


def paths(facts: dict[str, Any]) -> set[str]:
    """Give the areas that a board names."""
    return {row.path for row in facts["areas"]} | {row[1].area_path for row in facts["rows"]}


@router.get("/tasks.csv")
def export(request: Request, db: Db, _: Who, asked: Asked) -> Response:
    """Give the list as a table that every spreadsheet opens."""
    return as_csv(as_table(request, db, asked), name="tasks")


def as_table(request: Request, session: Session, asked: Wanted) -> list[list[str]]:
    """Write the list in the reader's language."""
    found = boards.everything(session, asked)
    named = {point.area_path for _, point, _, _ in found}
    names = areas_read(request, session, named, asked.now)
    chinese = language(request) == "zh"
    return [
        [say(request, head) for head in HEADS],
        *(line(row, names, chinese=chinese) for row in found),
    ]


def line(row: Any, names: dict[str, str], *, chinese: bool) -> list[str]:
    """Give a task as a line."""
    task, point, zh, en = row
    times = (task.from_at, task.due_at, task.begun_at, task.done_at)
    return [
        zh if chinese else en, point.name, point.number, names.get(point.area_path, ""),
        task.person or task.role, *(local_time(at) for at in times), task.done_by or "",
        str(task.worst_grade or ""),
    ]  # fmt: skip


@router.post("/tasks/assign")
def assign(
    request: Request,
    db: Db,
    actor: Who,
    task: Annotated[list[UUID] | None, Form()] = None,
    to: Annotated[str, Form()] = "",
) -> Response:
    """Give the ticked lists to somebody, or back to the street's people."""
    made = assigning.assign(db, task_ids=task or [], to=carrier(db, actor, to), by=actor)
    text = say(
        request, "{count} lists given to {name}.", count=len(made.moved), name=made.person or "—"
    )
    back = RedirectResponse(request.headers.get("referer", "/tasks"), 303)
    return flash.say(back, text, undo=f"/tasks/assignments/{made.id}/undo")


def carrier(session: Session, actor: Actor, asked: str) -> Carrier:
    """Find who was chosen among those who do rounds in the area."""
    if not asked:
        return Carrier()
    known = {str(one.id): one for one in accounts.on_rounds(session, actor.area_path)}
    if asked not in known:
        raise Rejected("This person does no rounds in your area. Choose another.")
    return Carrier(known[asked].id, known[asked].name)


@router.post("/tasks/assignments/{assignment_id}/undo")
def undo(request: Request, db: Db, actor: Who, now: Now, assignment_id: UUID) -> Response:
    """Take an assignment back."""
    back = assigning.undo(db, assignment_id=assignment_id, by=actor, now=now)
    text = say(request, "{count} lists are back where they were.", count=back)
    return flash.say(RedirectResponse("/tasks", 303), text)
