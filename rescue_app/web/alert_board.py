"""The live board of a warning: answered, waiting, climbing, by district and street."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from hazards.alerts import board, service
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web.points_view import areas_read
from rescue_app.web.render import page

router = APIRouter(include_in_schema=False)
COUNTED = ("people", "first", "deputy", "superior", "by_hand", "waiting", "climbing", "silent")


@router.get("/alerts/{alert_id}/board", name="alert_board")
def show_board(request: Request, db: Db, _: Who, now: Now, alert_id: UUID) -> Response:
    """Show who has answered and who has not, in the reader's area."""
    seq = request.app.state.hub.seq
    alert = service.visible(db, alert_id)
    facts = stands(db, alert.root_id) | {"row": alert, "now": now, "seq": seq}
    facts["names"] = areas_read(request, db, (one.path for one in facts["streets"]), now)
    return page(request, "alerts/board.html", section="alerts", **facts)


def stands(db: Session, root_id: UUID) -> dict[str, Any]:
    """Gather how the calls about a warning stand."""
    found = board.stands(db, root_id)
    return {
        "streets": found.streets,
        "whole": {name: sum(getattr(one, name) for one in found.streets) for name in COUNTED},
        "waiting": found.open,
        "others": found.others,
    }
