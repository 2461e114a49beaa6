"""The way to the lists of households: they are brought in like every other list."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from rescue_app import ledgers

router = APIRouter(include_in_schema=False)


@router.get("/evacuations/households", name="households")
def import_page() -> Response:
    """Go to the pages that bring a list in."""
    return RedirectResponse(f"/imports?of={ledgers.HOUSEHOLDS.code}", 303)
