"""What became of a visit to an asset: its photos, its findings, the lists that it has done."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from qr_codes.assets import repository as assets
from qr_codes.findings import repository as findings
from qr_codes.inspections import repository
from qr_codes.inspections.models import Inspection
from rescue_app.web.point_lists import lists_of
from rescue_app.web.render import page
from rescue_app.web.scan_photos import photos_shown


def became(session: Session, visit: Inspection, *, now: datetime) -> dict[str, Any]:
    """Give what a page says of a visit that was kept."""
    found = {"visit": visit, "findings": findings.of_inspection(session, visit.id)}
    return found | photos_shown(session, visit) | lists_of(session, visit, now=now)


def unscanned(
    request: Request, db: Session, asset_id: UUID, visit_id: UUID, *, now: datetime, **more: Any
) -> Response:
    """Show what became of a visit that no label led to."""
    facts = became(db, repository.visible(db, visit_id), now=now)
    facts |= {"asset": assets.visible(db, asset_id), "scan": None, "at": f"/assets/{asset_id}"}
    return page(request, "scan/done.html", **facts, **more)
