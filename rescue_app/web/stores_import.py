"""Pages that bring a list of stores in: first what it would do, then the taking over."""

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from gis import crs as systems
from gis.authority import Act, require
from gis.errors import Conflict, Rejected
from qr_codes.stores.headings import HEADINGS, SOURCE
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.http.small_files import brought, carried, table_of
from rescue_app.web import flash
from rescue_app.web.render import page, say

if TYPE_CHECKING:
    from gis.exchange.importing.report import Report

router = APIRouter(include_in_schema=False)
Said = Annotated[str, Form()]
SYSTEMS = (systems.CGCS2000, systems.GCJ02, systems.BD09)
SHOWN = 200


@router.get("/stores/import", name="import_stores")
def import_page(request: Request, _: Db, who: Who) -> Response:
    """Show how a list is brought in."""
    require(who, Act.EDIT_ASSET, who.area_path)
    return show(request)


@router.post("/stores/import")
def dry_run(
    request: Request, db: Db, who: Who, now: Now, file: UploadFile, crs: Said = systems.CGCS2000
) -> Response:
    """Tell what a file would do, changing nothing."""
    try:
        data, name = carried(file), file.filename or "stores.csv"
        report = bring_in(db, data, name, crs, by=who, now=now, apply=False)
    except (Rejected, Conflict) as trouble:
        return show(request, crs=crs, problem=say(request, trouble.text, **trouble.values))
    return show(request, crs=crs, report=report, data=data, name=name)


@router.post("/stores/import/apply")
def take_over(
    request: Request, db: Db, who: Who, now: Now, data: Said, name: Said, crs: Said
) -> Response:
    """Take over what the dry run showed."""
    bring_in(db, data, name, crs, by=who, now=now, apply=True)
    return flash.say(RedirectResponse("/stores", 303), say(request, "The list is taken over."))


def bring_in(db: Db, data: str, name: str, crs: str, *, by: Who, now: Now, apply: bool) -> "Report":
    """Let the import's own engine take the file."""
    from qr_codes.stores import fields, service  # noqa: PLC0415 - the readers behind it are slow to load

    table = table_of(brought(data, name))
    how = fields.guessed(table.columns, source=SOURCE, crs=crs)
    return service.bring_in(db, table=table, mapping=how, by=by, now=now, apply=apply)


def show(
    request: Request,
    *,
    crs: str = systems.CGCS2000,
    problem: str = "",
    report: "Report | None" = None,
    data: str = "",
    name: str = "",
) -> Response:
    """Show the form, and what a file would do."""
    facts: dict[str, Any] = {"problem": problem, "report": report, "crs": crs}
    facts |= {"data": data, "file_name": name, "systems": SYSTEMS, "most": SHOWN}
    facts["columns"] = HEADINGS
    status = 422 if problem else 200
    return page(request, "stores/import.html", status=status, section="assets", **facts)
