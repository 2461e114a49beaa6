"""Pages of exposure: whom and what a place holds, on a sheet and as a table."""

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from rescue_app.api.exposure_query import ExposureQuery
from rescue_app.exposure.service import Exposure
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web.render import language, page, say
from rescue_app.web.tables import as_csv

router = APIRouter(include_in_schema=False)
Asked = Annotated[ExposureQuery, Query()]
Line = tuple[object, ...]


@router.get("/exposure", name="exposure")
def sheet(request: Request, db: Db, who: Who, now: Now, asked: Asked) -> Response:
    """Show what a place holds, on a sheet of its own."""
    found = asked.exposure(db, who, now)
    facts: dict[str, Any] = {"found": found, "asked": asked, "question": request.url.query}
    return page(request, "exposure/page.html", section="map", now=now, **facts)


@router.get("/exposure.csv", name="exposure_table")
def table(request: Request, db: Db, who: Who, now: Now, asked: Asked) -> Response:
    """Give the same as a table."""
    found = asked.exposure(db, who, now)
    return as_csv(lines(request, found), name="exposure")


def lines(request: Request, found: Exposure) -> Iterator[Line]:
    """Give one line for each figure: of what, which, how many, and what it rests on."""
    chinese, points = language(request) == "zh", found.points

    def row(part: str, which: str, number: object, note: str = "") -> Line:
        return say(request, part), which, number, say(request, note) if note else ""

    yield tuple(say(request, head) for head in ("Part", "Which", "Number", "Note"))
    for one in found.streets:
        people = say(request, "Not known") if one.people is None else one.people
        name = one.name if chinese else one.name_en
        yield say(request, "People by street"), name, people, f"{one.share:.1%}"
    yield row(
        "People, estimated", "", found.residents.people, "Taken to live evenly over their street"
    )
    if found.homes is not None:
        yield row("Registered households", "", found.homes.households)
        yield row("People in them", "", found.homes.people)
        yield row("Frail people among them", "", found.homes.frail)
    yield row("Points", "", points["total"])
    for grade, count in points["grades"].items():
        yield row("Points by grade", str(grade), count)
    yield row("People threatened", "", points["persons"])
    for kind, count in found.assets:
        yield row("Assets", kind.name_zh if chinese else kind.name_en, count)
