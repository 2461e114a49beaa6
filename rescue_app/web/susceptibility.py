"""Pages of what is possible: let the map be drawn, read what it says."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from gis.authority import Act, Actor, may
from gis.errors import PlatformError, Rejected
from gis.store.base import new_id
from hazards.evidence import repository as evidence
from hazards.susceptibility import repository
from hazards.susceptibility.rules import Asked
from rescue_app import evidence_search, susceptibility_map
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import susceptibility_view
from rescue_app.web.render import page, say

router = APIRouter(include_in_schema=False)
SECTION = "points"
HOME = "/evidence/possible"


class Figures(BaseModel):
    """The form of a map."""

    family: str = "geological"
    side_m: int = 500
    seed: int = 1

    def asked(self) -> Asked:
        """Give it as the map takes it."""
        return Asked(**self.model_dump())


@router.get(HOME, name="susceptibility")
def list_page(request: Request, db: Db, who: Who, now: Now) -> Response:
    """Show the maps, what they are made of, and how one is let be drawn."""
    return show(request, db, who, now)


@router.post(HOME)
def begin(
    request: Request, db: Db, who: Who, now: Now, figures: Annotated[Figures, Form()]
) -> Response:
    """Let a job draw the map of one's area."""
    try:
        susceptibility_map.ask(db, figures.asked(), by=who)
    except Rejected as problem:
        return show(request, db, who, now, figures=figures, problem=problem)
    return RedirectResponse(HOME, 303)


@router.get(f"{HOME}/{{run_id}}", name="susceptibility_map")
def map_page(request: Request, db: Db, who: Who, now: Now, run_id: UUID) -> Response:
    """Show one map: the classes, how well it did on blocks not seen, and what drove it."""
    made = repository.run(db, run_id)
    facts = susceptibility_view.map_facts(request, db, who, made, now)
    return page(request, "evidence/map.html", section=SECTION, **facts)


def show(
    request: Request, db: Db, who: Actor, now: Now, *, figures: Figures | None = None,
    problem: PlatformError | None = None, status: int = 422,
) -> Response:  # fmt: skip
    """Show the list with everything already entered."""
    facts: dict[str, Any] = {
        "figures": figures or Figures(),
        "families": evidence.families(db),
        "may_draw": may(who, Act.EDIT_POINT, who.area_path),
        "jobs": evidence_search.unfinished(db, who, kind=susceptibility_map.KIND),
        "runs": repository.runs(db),
        "layer_id": new_id(),
        "problem": say(request, problem.text, **problem.values) if problem else None,
        "seq": request.app.state.hub.seq,
        **susceptibility_view.ground_facts(db, who, now),
    }
    status = status if problem else 200
    return page(request, "evidence/possible.html", section=SECTION, status=status, **facts)
