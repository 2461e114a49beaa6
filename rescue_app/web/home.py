"""The start: what is dangerous, what is happening, what waits, and the ways to all of it."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from gis.areas import repository as areas
from gis.authority import Role
from hazards.alerts import repository as alerts
from rescue_app.http.dependencies import Db, MaybeWho, Now
from rescue_app.web.home_figures import figures_for
from rescue_app.web.render import page

router = APIRouter()
ON_SITE = frozenset({Role.CREW, Role.PATROL})
"""Who needs a way to the work and no figures."""


@router.get("/", name="home")
def home(request: Request, db: Db, actor: MaybeWho, now: Now) -> Response:
    """Show where everything is, to each by his role."""
    figures = figures_for(db, actor, now) if actor and actor.role not in ON_SITE else None
    area = areas.by_path(db, actor.area_path) if actor else None
    warned = alerts.in_force(db, now=now) if actor else ()
    return page(request, "home.html", figures=figures, area=area, alerts=warned, now=now)
