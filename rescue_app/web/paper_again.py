"""Cards that say something else than the records by now: a list, and a button to make these."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from gis.areas import repository as areas
from gis.areas.placing import day_of
from gis.errors import Missing, Rejected
from rescue_app import paper_jobs
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.http.printing import Printer
from rescue_app.papers import notes
from rescue_app.papers.asked import Asked, Paper
from rescue_app.papers.printing import Sheet
from rescue_app.papers.rules import Standing
from rescue_app.web import paper_gathering
from rescue_app.web.papers import asked_of
from rescue_app.web.render import page

router = APIRouter(include_in_schema=False)
MOST = 2_000
"""Cards in people's hands that a page compares; a job compares as many as there are."""
Under = Annotated[str, Query()]


@dataclass(frozen=True, slots=True)
class Old:
    """A card as it would be now, and the one that hangs there."""

    sheet: Sheet
    held: notes.Held
    standing: Standing


@router.get("/papers/again", name="papers_again")
def show(
    request: Request, db: Db, who: Who, now: Now, printer: Printer, under: Under = ""
) -> Response:  # fmt: skip
    """List the cards of an area that are to be printed again."""
    asked = asked_of(request, Paper.REFUGE, under or who.area_path, printer, who, again=True)
    paper_jobs.checked(asked, by=who)
    return page(request, "papers/again.html", section="points", **gathered(db, asked, now))


def gathered(db: Session, asked: Asked, now: datetime) -> dict[str, Any]:
    """Gather both kinds."""
    here = areas.by_path(db, asked.under, day_of(now))
    if here is None:
        raise Missing("There is no such area in yours. Choose one from the list.")
    kinds = (Paper.REFUGE, Paper.WORK)
    held = {kind: notes.held(db, replace(asked, paper=kind), most=MOST + 1) for kind in kinds}
    count = sum(len(one) for one in held.values())
    if count > MOST:
        raise Rejected("More than {most} cards hang here: choose a street.", most=f"{MOST:,}")
    lists = {kind: list(old(db, replace(asked, paper=kind), now)) for kind in kinds}
    return {"here": here, "held": count, "lists": lists}


def old(db: Session, asked: Asked, now: datetime) -> Iterator[Old]:
    """Give the cards of one kind that are to be printed again."""
    for lot in paper_gathering.lots(db, asked):
        found = paper_gathering.all_of(db, asked, lot, now=now)
        for sheet, held, standing in paper_gathering.compared(found, lot.handed or {}):
            if standing != Standing.CURRENT:
                yield Old(sheet, held, standing)
