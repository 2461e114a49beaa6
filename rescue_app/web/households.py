"""Pages that bring a list of households in: what it would do, the refused rows, the taking over."""

import csv
import io
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from gis import crs as systems
from gis.authority import Act, require
from gis.errors import Rejected
from hazards.duty import lists
from rescue_app.evacuation import household_lists, listing
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.http.small_files import table_of
from rescue_app.web import duty_view, flash
from rescue_app.web.render import language, page, say

if TYPE_CHECKING:
    from gis.exchange import Table

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form()]
SYSTEMS = (systems.CGCS2000, systems.GCJ02, systems.BD09)
ADDRESS = "/evacuations/households"


@router.get(ADDRESS, name="households")
def import_page(request: Request, _: Db, who: Who) -> Response:
    """Show how a list is brought in."""
    require(who, Act.EDIT_POINT, who.area_path)
    return show(request)


@router.post(ADDRESS)
def dry_run(
    request: Request, db: Db, who: Who, now: Now, file: UploadFile, crs: Text = systems.CGCS2000
) -> Response:
    """Tell what a file would do, changing nothing."""
    try:
        rows = rows_of(table_of(file))
        found = listing.compare(db, rows, crs=crs, by=who, now=now)
    except Rejected as problem:
        return show(request, crs=crs, trouble=say(request, problem.text, **problem.values))
    return show(request, crs=crs, found=found, rows=duty_view.carried(rows))


@router.post(f"{ADDRESS}/refused")
def refused(request: Request, db: Db, who: Who, now: Now, rows: Text, crs: Text) -> Response:
    """Give the refused rows as a file, each with its reason, to be corrected and sent again."""
    said = duty_view.brought(rows)
    found = listing.compare(db, said, crs=crs, by=who, now=now)
    headers = {"content-disposition": 'attachment; filename="refused.csv"'}
    body = as_csv(request, dict(said), found)
    return Response(body, media_type="text/csv; charset=utf-8", headers=headers)


@router.post(f"{ADDRESS}/apply")
def take_over(request: Request, db: Db, who: Who, now: Now, rows: Text, crs: Text) -> Response:
    """Take over what the dry run showed."""
    found = listing.compare(db, duty_view.brought(rows), crs=crs, by=who, now=now)
    count = listing.take_over(db, found, by=who, now=now)
    text = say(request, "{count} households are registered or corrected.", count=count)
    return flash.say(RedirectResponse("/evacuations", 303), text)


def rows_of(table: "Table") -> duty_view.Rows:
    """Give a file's rows by field."""
    columns = lists.columns_of(table.columns, household_lists.HEADINGS, household_lists.NEEDED)
    lines = [int(line) for line in table.lines]
    return [
        (line, {name: record[heading] or "" for name, heading in columns.items()})
        for line, record in zip(lines, table.records(), strict=True)
    ]


def as_csv(request: Request, said: dict[int, dict[str, str]], found: listing.Compared) -> bytes:
    """Write the refused rows as they stood, with line and reason; Excel reads it as it is."""
    out = io.StringIO()
    writer = csv.writer(out)
    heads = headings(request)
    writer.writerow([*heads.values(), say(request, "Row in the file"), say(request, "Why")])
    for slip in found.refused:
        row = [said[slip.line].get(name, "") for name in heads]
        writer.writerow([*row, slip.line, say(request, slip.reason.text, **slip.reason.values)])
    return out.getvalue().encode("utf-8-sig")


def headings(request: Request) -> dict[str, str]:
    """Give the columns as they are called here."""
    place = 0 if language(request) == "zh" else 1
    return {name: names[place] for name, names in household_lists.HEADINGS.items()}


def show(
    request: Request,
    *,
    crs: str = systems.CGCS2000,
    trouble: str = "",
    found: listing.Compared | None = None,
    rows: str = "",
) -> Response:
    """Show the form, and what a file would do."""
    facts: dict[str, Any] = {"trouble": trouble, "found": found, "rows": rows, "crs": crs}
    facts |= {"systems": SYSTEMS, "headings": headings(request)}
    status = 422 if trouble else 200
    return page(request, "evacuations/households.html", section="incidents", status=status, **facts)
