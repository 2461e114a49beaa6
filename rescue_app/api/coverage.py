"""The coverage board as data: what is labelled, mounted and patrolled."""

from typing import Any

from fastapi import APIRouter

from qr_codes.coverage import repository
from qr_codes.coverage.rules import Figures
from rescue_app.http.dependencies import Db, Now, Who

router = APIRouter(prefix="/api/v1", tags=["assets"])


@router.get("/coverage")
def coverage(db: Db, who: Who, now: Now, under: str = "", type: str = "") -> dict[str, Any]:  # noqa: A002 - the word of the interface
    """Give the figures of an area: of all, of each part right below it, of each kind."""
    board = repository.board(db, under=under or who.area_path, kind=type, now=now)
    return {
        "total": told(board.total),
        "parts": [{"area": a.path, "name": a.name} | told(f) for a, f in board.parts],
        "types": [{"type": kind.code} | told(f) for kind, f in board.kinds],
    }


def told(figures: Figures) -> dict[str, int | float | None]:
    """Show counts and shares; of nothing there is no share."""
    return {
        "assets": figures.assets,
        "labelled": figures.labelled,
        "mounted": figures.mounted,
        "due": figures.due,
        "patrolled": figures.patrolled,
        "labelled_share": figures.labelled_share,
        "mounted_share": figures.mounted_share,
        "patrolled_share": figures.patrolled_share,
    }
