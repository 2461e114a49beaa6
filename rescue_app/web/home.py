"""The start: what is dangerous, what is happening, what waits, and the ways to all of it."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from gis.areas import repository as areas
from gis.authority import Role
from hazards.alerts import repository as alerts
from rescue_app.http.dependencies import Db, MaybeWho, Now
from rescue_app.web import crew_view
from rescue_app.web.home_figures import figures_for
from rescue_app.web.render import page

router = APIRouter()
ON_SITE = frozenset({Role.CREW, Role.PATROL})
"""Who needs a way to the work and no figures."""


@router.get("/", name="home")
def home(request: Request, db: Db, actor: MaybeWho, now: Now) -> Response:
    """Show where everything is, to each by his role."""
    figures = figures_for(db, actor, now) if actor and actor.role not in ON_SITE else None
    asked = crew_view.waiting(db, actor, now=now) if actor and actor.role == Role.CREW else None
    area = areas.by_path(db, actor.area_path) if actor else None
    warned = alerts.in_force(db, now=now) if actor else ()
    told: dict[str, Any] = {"figures": figures, "asked": asked, "area": area, "alerts": warned}
    return page(request, "home.html", now=now, **told)
