"""The page of coverage: how far the labels and the patrols reach, area by area, kind by kind."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from gis.areas import repository as areas
from gis.areas.models import Area
from gis.authority import Actor, within
from gis.errors import Missing
from qr_codes.coverage import repository
from qr_codes.coverage.rules import Figures
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web.render import page

router = APIRouter(include_in_schema=False)
Row = tuple[Area, Figures]
NOTHING = 2.0
"""Where a share of nothing stands among shares: behind all."""

ORDERS: dict[str, Callable[[Row], tuple[object, ...]]] = {
    "name": lambda row: (row[0].code,),
    "assets": lambda row: (row[1].assets,),
    "labelled": lambda row: (at(row[1].labelled_share), -row[1].assets),
    "mounted": lambda row: (at(row[1].mounted_share), -row[1].labelled),
    "patrolled": lambda row: (at(row[1].patrolled_share), -row[1].due),
}


@router.get("/coverage", name="coverage")
def show_board(
    request: Request, db: Db, who: Who, now: Now, under: str = "", sort: str = "labelled",
    kind: Annotated[str, Query(alias="type")] = "",
) -> Response:  # fmt: skip
    """Show the figures of an area; one's own to begin with."""
    facts = gathered(db, who, now, under=under, kind=kind, sort=sort)
    return page(request, "coverage/board.html", section="assets", **facts)


def gathered(
    session: Session, who: Actor, now: datetime, *, under: str, kind: str, sort: str
) -> dict[str, Any]:
    """Gather what stands on the page; an area outside one's own does not exist."""
    here = areas.by_path(session, under or who.area_path)
    if here is None or not within(here.path, who.area_path):
        raise Missing("There is no such area in yours. Choose one from the list.")
    board = repository.board(session, under=here.path, kind=kind, now=now)
    trail = [one for one in areas.lineage(session, here.path) if within(one.path, who.area_path)]
    facts: dict[str, Any] = {"board": board, "parts": ordered(board.parts, sort), "sort": sort}
    return facts | {"here": here, "trail": trail, "kind": kind}


def ordered(rows: Sequence[Row], sort: str) -> list[Row]:
    """Put the rows in the order asked for: the worst first, unless it says otherwise."""
    key = ORDERS.get(sort.removeprefix("-"), ORDERS["labelled"])
    return sorted(rows, key=key, reverse=sort.startswith("-"))


def at(share: float | None) -> float:
    """Tell where a share stands among others."""
    return NOTHING if share is None else share
