"""Pages of crews: what they can do and carry, where they stand, and the words for it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, BeforeValidator
from sqlalchemy.orm import Session

from gis.areas import framing
from gis.authority import Act, Actor, require
from gis.errors import PlatformError, Rejected
from gis.exchange.writing.texts import MEDIA_TYPE
from hazards.duty import abilities, crews
from hazards.duty.crew_lists import Said
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.http.small_files import table_of
from rescue_app.web import crews_view as view
from rescue_app.web import duty_view, flash
from rescue_app.web.points_view import areas_read
from rescue_app.web.render import page, say

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form()]
Degrees = Annotated[float | None, BeforeValidator(lambda value: value or None)]
SECTION = "duty"


class CrewForm(BaseModel):
    """A crew as a browser sends it."""

    skills: list[str] = []
    equipment: list[str] = []
    lon: Degrees = None
    lat: Degrees = None
    on_duty: bool = False

    def said(self) -> Said:
        """Give it as the service takes it; name and leader stay."""
        place = None if self.lon is None or self.lat is None else (self.lon, self.lat)
        able = {"skills": tuple(self.skills), "equipment": tuple(self.equipment)}
        return Said("", "", None, "", "", place=place, on_duty=self.on_duty, **able)


@router.get("/crews", name="crews")
def list_page(request: Request, db: Db, who: Who, now: Now, q: str = "") -> Response:
    """Show the crews of the reader's area."""
    found = crews.listed(db, who.area_path, words=q.strip())
    facts = view.words(request, db, who) | {"found": found, "q": q, "most": crews.MOST}
    facts["total"], facts["ready"] = crews.count(db, who.area_path)
    facts["areas"] = areas_read(request, db, {crew.area_path for crew in found}, now)
    return page(request, "crews/list.html", section=SECTION, **facts)


@router.get("/crews/crews.xlsx")
def export(request: Request, db: Db, who: Who) -> Response:
    """Give the crews as a workbook that can be brought in again."""
    require(who, Act.MANAGE_PEOPLE, who.area_path)
    headers = {"content-disposition": 'attachment; filename="crews.xlsx"'}
    said = view.as_workbook(request, db, who)
    return Response(said, media_type=MEDIA_TYPE, headers=headers)


@router.get("/crews/import", name="import_crews")
def import_page(request: Request, db: Db, who: Who) -> Response:
    """Show how a list is brought in."""
    return show_import(request, db, who, None, "")


@router.post("/crews/import")
def dry_run(request: Request, db: Db, who: Who, file: UploadFile) -> Response:
    """Tell what a file would do, changing nothing."""
    try:
        table = table_of(file)
        rows = view.rows_of(table)
    except Rejected as problem:
        return show_import(request, db, who, None, "", say(request, problem.text, **problem.values))
    found = crews.compare(db, rows, by=who)
    carried, left_out = duty_view.carried(rows), view.left_out(table)
    return show_import(request, db, who, found, carried, left_out=left_out)


@router.post("/crews/import/apply")
def take_over(request: Request, db: Db, who: Who, now: Now, rows: Text) -> Response:
    """Take over what the dry run showed."""
    crews.take_over(db, crews.compare(db, duty_view.brought(rows), by=who), by=who, now=now)
    return back(request, "/crews", "The list is taken over.")


@router.get("/crews/words", name="crew_words")
def words_page(request: Request, db: Db, who: Who) -> Response:
    """Show the words for what crews can do and carry."""
    return show_words(request, db, who)


@router.post("/crews/words")
def put_word(
    request: Request, db: Db, who: Who, code: Text, kind: Text, name_zh: Text, name_en: Text
) -> Response:
    """Add a word, or rename one."""
    said = {"code": code, "kind": kind, "name_zh": name_zh, "name_en": name_en}
    try:
        abilities.put(db, by=who, **said)
    except Rejected as problem:
        return show_words(request, db, who, problem)
    return back(request, "/crews/words", "Saved. Plans and crews can say it now.")


@router.get("/crews/{crew_id}", name="crew_page")
def crew_page(request: Request, db: Db, who: Who, now: Now, crew_id: UUID) -> Response:
    """Show one crew to be changed."""
    crew = crews.visible(db, crew_id)
    require(who, Act.MANAGE_PEOPLE, crew.area_path)
    return show_crew(request, db, who, now, crew_id)


@router.post("/crews/{crew_id}")
def change(
    request: Request, db: Db, who: Who, now: Now, crew_id: UUID, form: Annotated[CrewForm, Form()]
) -> Response:
    """Change what one crew can do and carries, where it stands, and whether it is on duty."""
    for kind, codes in (("skill", form.skills), ("equipment", form.equipment)):
        abilities.check_known(db, codes, kind=kind)
    crews.change(db, crew_id, form.said(), by=who, now=now)
    return back(request, "/crews", "Saved. The next proposal reckons with it.")


def show_crew(request: Request, db: Session, who: Actor, now: datetime, crew_id: UUID) -> Response:
    """Show one crew."""
    crew = crews.visible(db, crew_id)
    facts = view.words(request, db, who) | {"crew": crew}
    facts["bounds"] = framing.extent(db, crew.area_path)
    named = areas_read(request, db, {crew.area_path}, now)
    facts["area"] = named[crew.area_path]
    return page(request, "crews/crew.html", section=SECTION, **facts)


def show_import(
    request: Request,
    db: Session,
    who: Actor,
    found: crews.Compared | None,
    rows: str,
    trouble: str = "",
    left_out: list[str] | None = None,
) -> Response:
    """Show what a file would do, or how to send one."""
    require(who, Act.MANAGE_PEOPLE, who.area_path)
    facts = view.words(request, db, who) | {"found": found, "rows": rows, "trouble": trouble}
    facts["left_out"] = left_out
    status = 422 if trouble else 200
    return page(request, "crews/import.html", status=status, section=SECTION, **facts)


def show_words(
    request: Request, db: Session, who: Actor, problem: PlatformError | None = None
) -> Response:
    """Show the words, and what is not right about a new one."""
    told = say(request, problem.text, **problem.values) if problem else None
    facts = view.words(request, db, who) | {"problem": told}
    return page(
        request, "crews/words.html", status=422 if problem else 200, section=SECTION, **facts
    )


def back(request: Request, path: str, text: str) -> Response:
    """Go on to a page and say there what was done."""
    return flash.say(RedirectResponse(path, 303), say(request, text))
