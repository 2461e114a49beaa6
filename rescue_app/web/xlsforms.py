"""Lists as XLSForms: one out for other programs, one in from them, opened in the editor.

The city publishes; a district's planner sees what a form of his would become.
"""

from fastapi import APIRouter, Request, UploadFile
from fastapi.responses import Response
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require
from gis.errors import Missing, Rejected
from gis.exchange.writing.texts import MEDIA_TYPE, workbook
from hazards.checklists import editions, xlsform, xlsform_reading
from rescue_app.http.dependencies import Db, Who
from rescue_app.http.small_files import on_disk
from rescue_app.web.checklists_form import Draft
from rescue_app.web.checklists_view import editor, edits
from rescue_app.web.render import page, say

router = APIRouter(include_in_schema=False)
SECTION = "checklists"


@router.get("/checklists/{code}/form.xlsx")
def export(db: Db, _: Who, code: str, version: int) -> Response:
    """Give one version of a list as an XLSForm."""
    entry = editions.entries(db, editions.versions(db, code)).get(version)
    if entry is None:
        raise Missing("There is no such version of this checklist. Open the list of versions.")
    headers = {"content-disposition": f'attachment; filename="{code}.xlsx"'}
    book = workbook(xlsform.sheets(entry, version=version))
    return Response(book, media_type=MEDIA_TYPE, headers=headers)


@router.get("/checklists/import", name="import_checklist")
def import_page(request: Request, _: Db, who: Who) -> Response:
    """Show how a form is brought in."""
    require(who, Act.EDIT_TEMPLATE, who.area_path)
    return show_import(request, who)


@router.post("/checklists/import")
def bring_in(request: Request, db: Db, who: Who, file: UploadFile) -> Response:
    """Open a form in the editor, with what of it does not fit; nothing is kept."""
    require(who, Act.EDIT_TEMPLATE, who.area_path)
    try:
        brought = read(file)
    except Rejected as problem:
        return show_import(request, who, say(request, problem.text, **problem.values))
    return opened(request, db, who, brought)


def opened(request: Request, db: Session, who: Actor, brought: xlsform_reading.Brought) -> Response:
    """Show what a form says, to who publishes in the editor; a known code's is its next version."""
    held = editions.in_force(db, brought.raw["code"])
    draft = Draft.brought(brought.raw, held.version if held else 0)
    facts = editor(request, db, who, draft, is_new=held is None) | {"slips": brought.slips}
    shown = "checklists/edit.html" if edits(who) else "checklists/tried.html"
    return page(request, shown, section=SECTION, problem=None, **facts)


def read(file: UploadFile) -> xlsform_reading.Brought:
    """Read the file of a form."""
    with on_disk(file) as path:
        return xlsform_reading.read(path)


def show_import(request: Request, who: Actor, trouble: str = "") -> Response:
    """Show how a form is brought in, and why a file is none."""
    facts = {"may_publish": edits(who), "trouble": trouble}
    status = 422 if trouble else 200
    return page(request, "checklists/import.html", status=status, section=SECTION, **facts)
