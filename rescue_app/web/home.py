"""The start: what is dangerous, what is happening, what waits, and the ways to all of it."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from gis.areas import repository as areas
from gis.authority import Actor, Role
from hazards.conflicts import repository as conflicts
from hazards.points import repository as points
from hazards.points.filters import PointFilter
from hazards.points.rules import Grade
from qr_codes.findings import repository as findings
from qr_codes.findings.rules import ENDED
from rescue_app.dispatch import reading
from rescue_app.http.dependencies import Db, MaybeWho
from rescue_app.incidents import repository as incidents
from rescue_app.web.render import page

router = APIRouter()
ON_SITE = frozenset({Role.CREW, Role.PATROL})
"""Who needs a way to the work and no figures."""


@router.get("/", name="home")
def home(request: Request, db: Db, actor: MaybeWho) -> Response:
    """Show where everything is, to each by his role."""
    figures = figures_for(db, actor) if actor and actor.role not in ON_SITE else None
    area = areas.by_path(db, actor.area_path) if actor else None
    return page(request, "home.html", figures=figures, area=area)


def figures_for(session: Session, actor: Actor) -> dict[str, Any]:
    """Count what a desk asks first, as far as its reader sees."""
    found = findings.counts(session)
    return {
        "grades": {g: points.count(session, PointFilter(grade=(g,))) for g in Grade},
        "incidents": len(incidents.latest(session, open_only=True)),
        "waiting": reading.unanswered(session, actor.area_path),
        "conflicts": conflicts.count_open(session),
        "findings": sum(n for state, n in found.items() if state not in ENDED),
    }
