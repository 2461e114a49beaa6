"""Pages of responsibility: the list of a day, bringing one in, one row, and who has left."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, UploadFile
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from gis.authority import Act, Actor, require
from gis.errors import Conflict, Rejected
from gis.exchange.writing.texts import MEDIA_TYPE
from hazards.duty import book, listing, lists
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.http.small_files import table_of
from rescue_app.web import duty_view as view
from rescue_app.web import flash
from rescue_app.web.render import page, say

router = APIRouter(include_in_schema=False)
Said = Annotated[str, Form()]
Asked = Annotated[int, Query(alias="page", ge=1, le=100_000)]
SECTION = "duty"


class RowSent(BaseModel):
    """A row as a browser sends it: texts, whatever they say."""

    matter: str = ""
    category: str = ""
    level: str = ""
    lead: str = ""
    helpers: str = ""
    first_name: str = ""
    first_phone: str = ""
    deputy_name: str = ""
    deputy_phone: str = ""
    valid_from: str = ""
    valid_to: str = ""


Typed = Annotated[RowSent, Form()]


@router.get("/duty", name="duty")
def list_page(request: Request, db: Db, who: Who, now: Now, on: date | None = None) -> Response:
    """Show who is responsible for what on a day."""
    facts = view.of_day(request, db, who, on or day_of(now), now)
    return page(request, "duty/list.html", section=SECTION, **facts)


@router.get("/duty/list.xlsx")
def export(request: Request, db: Db, who: Who, now: Now, on: date | None = None) -> Response:
    """Give the actor's own list as a workbook that can be brought in again."""
    rows = [
        row
        for row in book.lines(db, on or day_of(now), over=who.area_path)
        if row.area_path == who.area_path
    ]
    headers = {"content-disposition": 'attachment; filename="responsibility.xlsx"'}
    return Response(view.as_workbook(request, db, rows), media_type=MEDIA_TYPE, headers=headers)


@router.get("/duty/ownerless", name="ownerless")
def ownerless_page(request: Request, db: Db, who: Who, now: Now, asked: Asked = 1) -> Response:
    """Show the points whose owner is not there, and who is called instead."""
    facts = view.ownerless(request, db, who, now, asked)
    return page(request, "duty/ownerless.html", section=SECTION, **facts)


@router.get("/duty/ownerless/count")
def ownerless_count(request: Request, db: Db, who: Who, on: date) -> Response:
    """Say how many points have no owner: counting takes longer than showing the list."""
    count = sum(one.points for one in view.unowned(db, who.area_path, on))
    return page(request, "duty/ownerless_count.html", count=count)


@router.get("/duty/people", name="duty_people")
def people_page(request: Request, db: Db, who: Who, q: str = "", asked: Asked = 1) -> Response:
    """Show the people of units, and who has left."""
    require(who, Act.MANAGE_PEOPLE, who.area_path)
    facts = view.people_of(db, who, q, asked)
    return page(request, "duty/people.html", section=SECTION, q=q, **facts)


@router.post("/duty/people/{member_id}")
def leave(request: Request, db: Db, who: Who, member_id: UUID, until: Said = "") -> Response:
    """Note from which day on somebody is not there any more."""
    day = date.fromisoformat(until) if until else None
    listing.leave(db, member_id, until=day, by=who)
    where = f"/duty/people?{request.url.query}".rstrip("?")
    return back(request, where, "Noted. Ownerless points are shown at once.")


@router.get("/duty/import", name="import_duty")
def import_page(request: Request, db: Db, who: Who) -> Response:
    """Show how a list is brought in."""
    require(who, Act.EDIT_RESPONSIBILITY, who.area_path)
    return show_import(request, db, None, "")


@router.post("/duty/import")
def dry_run(request: Request, db: Db, who: Who, file: UploadFile) -> Response:
    """Tell what a file would do, changing nothing."""
    try:
        table = table_of(file)
        rows = view.rows_of(table)
    except Rejected as problem:
        return show_import(request, db, None, "", say(request, problem.text, **problem.values))
    found = listing.compare(db, rows, words=view.vocabulary(db), by=who)
    facts = view.beside(db, table, found, who)
    return show_import(request, db, found, view.carried(rows), **facts)


@router.post("/duty/import/apply")
def take_over(request: Request, db: Db, who: Who, now: Now, rows: Said) -> Response:
    """Take over what the dry run showed."""
    found = listing.compare(db, view.brought(rows), words=view.vocabulary(db), by=who)
    listing.take_over(db, found, by=who, now=now)
    return back(request, "/duty", "The list is taken over.")


@router.get("/duty/new", name="new_duty")
def new_page(request: Request, db: Db, who: Who, now: Now) -> Response:
    """Show an empty row."""
    require(who, Act.EDIT_RESPONSIBILITY, who.area_path)
    typed = dict.fromkeys(lists.HEADINGS, "") | {"valid_from": str(day_of(now))}
    return show_row(request, db, None, typed, {})


@router.get("/duty/{row_id}", name="duty_row")
def row_page(request: Request, db: Db, who: Who, row_id: UUID) -> Response:
    """Show a row to be changed."""
    row = listing.own_row(db, row_id, who)
    return show_row(request, db, row_id, view.texts_of(row, view.words(request, db)), {})


@router.post("/duty/new")
def enter(request: Request, db: Db, who: Who, now: Now, sent: Typed) -> Response:
    """Add a row."""
    return kept(request, db, who, now, sent.model_dump(), row_id=None)


@router.post("/duty/{row_id}")
def change(request: Request, db: Db, who: Who, now: Now, row_id: UUID, sent: Typed) -> Response:
    """Change a row."""
    return kept(request, db, who, now, sent.model_dump(), row_id=row_id)


@router.post("/duty/{row_id}/end")
def end(request: Request, db: Db, who: Who, now: Now, row_id: UUID) -> Response:
    """Let a row hold no longer, from today on."""
    listing.end(db, row_id, on=day_of(now), by=who, now=now)
    return back(request, "/duty", "The row holds no longer.")


def kept(
    request: Request,
    db: Session,
    who: Actor,
    now: datetime,
    typed: dict[str, str],
    *,
    row_id: UUID | None,
) -> Response:
    """Write a row, or show the form again with what is wrong beside the field."""
    taken, slips = lists.read([(1, typed)], view.vocabulary(db))
    if slips:
        return show_row(request, db, row_id, typed, view.problem(request, slips[0]))
    try:
        with db.begin_nested():
            listing.put(db, taken[1], row_id=row_id, by=who, now=now)
    except Conflict as problem:
        return show_row(request, db, row_id, typed, {"matter": say(request, problem.text)})
    return back(request, "/duty", "Saved. It holds from its first day on.")


def show_row(
    request: Request,
    db: Session,
    row_id: UUID | None,
    typed: dict[str, str],
    errors: Mapping[str, str],
) -> Response:
    """Show the form of a row."""
    facts = view.words(request, db) | {"row_id": row_id, "typed": typed, "errors": errors}
    status = 422 if errors else 200
    return page(request, "duty/row.html", status=status, section=SECTION, **facts)


def show_import(
    request: Request,
    db: Session,
    found: listing.Compared | None,
    rows: str,
    trouble: str = "",
    **beside: object,
) -> Response:
    """Show what a file would do, or how to send one."""
    facts = view.words(request, db) | {"found": found, "rows": rows, "trouble": trouble} | beside
    status = 422 if trouble else 200
    return page(request, "duty/import.html", status=status, section=SECTION, **facts)


def back(request: Request, path: str, text: str) -> Response:
    """Go on to a page and say there what was done."""
    return flash.say(RedirectResponse(path, 303), say(request, text))
