"""A proposed place beside the map: why, its records lit, and the decision."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from hazards.evidence import repository
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import evidence_view
from rescue_app.web.render import page

router = APIRouter(include_in_schema=False)


@router.get("/proposals/{proposal_id}/panel", name="evidence_panel")
def panel(request: Request, db: Db, who: Who, now: Now, proposal_id: UUID) -> Response:
    """Show a proposal beside the map."""
    row = repository.visible(db, proposal_id)
    facts = evidence_view.page_facts(request, db, who, row, now)
    return page(request, "evidence/panel.html", beside_map=True, **facts)
