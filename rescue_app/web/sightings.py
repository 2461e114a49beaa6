"""The page of what cameras saw: the picture, how sure, how often, and what became of it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from gis.store import files
from qr_codes.sightings import repository, service
from qr_codes.sightings.repository import Wanted
from qr_codes.sightings.rules import Outcome
from rescue_app.http.dependencies import Db, Who
from rescue_app.web.render import page

router = APIRouter(include_in_schema=False)
Asked = Annotated[int, Query(alias="page", ge=1, le=100_000)]


@router.get("/sightings", name="sightings")
def list_page(
    request: Request, db: Db, _: Who, kind: str = "", outcome: str = "", page_number: Asked = 1
) -> Response:
    """List what was seen in one's area, the latest first."""
    wanted = Wanted(kind, outcome)
    rows, total = repository.listing(db, wanted, page=page_number)
    pictures = files.attached(db, service.FILES, [row.id for row in rows])
    facts: dict[str, Any] = {"rows": rows, "total": total, "wanted": wanted, "pictures": pictures}
    facts |= {"kinds": repository.kinds(db), "outcomes": list(Outcome)}
    facts |= {"page_number": page_number, "pages": -(-total // repository.PAGE_ROWS)}
    return page(request, "sightings/list.html", section="monitoring", **facts)
