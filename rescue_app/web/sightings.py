"""The page of what cameras saw: the picture, how sure, how often, and what became of it."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, may
from gis.store import files
from qr_codes.sightings import repository, service
from qr_codes.sightings.models import Sighting
from qr_codes.sightings.repository import Wanted
from qr_codes.sightings.rules import Outcome
from rescue_app.http.dependencies import Db, Who
from rescue_app.seen import repository as seen
from rescue_app.web.incident_form import likeness
from rescue_app.web.render import page

router = APIRouter(include_in_schema=False)
Asked = Annotated[int, Query(alias="page", ge=1, le=100_000)]


@router.get("/sightings", name="sightings")
def list_page(
    request: Request, db: Db, who: Who, kind: str = "", outcome: str = "", waiting: bool = False,
    page_number: Asked = 1,
) -> Response:  # fmt: skip
    """List what was seen in one's area, the latest first."""
    seq = request.app.state.hub.seq  # before the contents, so that nothing falls between
    wanted = Wanted(kind, outcome, waiting)
    rows, total = repository.listing(db, wanted, page=page_number)
    facts = about(request, db, who, rows) | {"rows": rows, "total": total, "wanted": wanted}
    facts |= {"page_number": page_number, "pages": -(-total // repository.PAGE_ROWS)}
    return page(request, "sightings/list.html", section="monitoring", seq=seq, **facts)


def about(request: Request, db: Session, who: Actor, rows: Sequence[Sighting]) -> dict[str, Any]:
    """Gather what stands beside each: its picture, what is near, what became of it."""
    ids = [row.id for row in rows]
    decided = repository.decisions(db, ids)
    undecided = [one for one in ids if one not in decided]
    return {
        "kinds": repository.kinds(db),
        "outcomes": list(Outcome),
        "pictures": files.attached(db, service.FILES, ids),
        "near": repository.nearest(db, ids),
        "decided": decided,
        "alike": seen.alike(db, undecided, within_m=likeness(request).within_m),
        "decides": {row.id for row in rows if may(who, Act.OPEN_INCIDENT, row.area_path)},
    }
