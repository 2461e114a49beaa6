"""The start: what is dangerous, what is happening, what waits, and the ways to all of it."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from gis.areas import repository as areas
from gis.authority import Actor, Role
from hazards.conflicts import repository as conflicts
from hazards.points import repository as points
from hazards.points.cases import repository as cases
from hazards.points.cases.repository import Wanted
from hazards.points.filters import PointFilter
from hazards.points.rules import Grade
from hazards.tasks import boards
from qr_codes.findings import repository as findings
from qr_codes.findings.rules import ENDED
from rescue_app.dispatch import reading
from rescue_app.http.dependencies import Db, MaybeWho, Now
from rescue_app.incidents import repository as incidents
from rescue_app.web.render import page

router = APIRouter()
ON_SITE = frozenset({Role.CREW, Role.PATROL})
"""Who needs a way to the work and no figures."""


@router.get("/", name="home")
def home(request: Request, db: Db, actor: MaybeWho, now: Now) -> Response:
    """Show where everything is, to each by his role."""
    figures = figures_for(db, actor, now) if actor and actor.role not in ON_SITE else None
    area = areas.by_path(db, actor.area_path) if actor else None
    return page(request, "home.html", figures=figures, area=area)


def figures_for(session: Session, actor: Actor, now: datetime) -> dict[str, Any]:
    """Count what a desk asks first, as far as its reader sees."""
    found = findings.counts(session)
    return {
        "grades": {g: points.count(session, PointFilter(grade=(g,))) for g in Grade},
        "cases": sum(cases.counts(session, Wanted(waiting_for=actor)).values()),
        "overdue": boards.count(session, boards.Wanted(actor.area_path, now)),
        "incidents": len(incidents.latest(session, open_only=True)),
        "waiting": reading.unanswered(session, actor.area_path),
        "conflicts": conflicts.count_open(session),
        "findings": sum(n for state, n in found.items() if state not in ENDED),
    }
