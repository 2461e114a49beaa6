"""The form on which a finding becomes a point of the map: filled in, applied for as any other."""

from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from shapely import Point
from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from gis.authority import Act, Actor, require
from gis.errors import Conflict
from gis.store import files
from hazards.points.rules import Category, Evidence
from qr_codes.findings import pointing, repository
from qr_codes.findings.models import Finding
from qr_codes.findings.service import FILES
from qr_codes.inspections import repository as inspections
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web.points import form_page, to_case
from rescue_app.web.points_form import PointForm, Sent, entered

router = APIRouter(include_in_schema=False)
MOST_PHOTOS = 6


@router.get("/findings/{finding_id}/point", name="finding_point")
def show(request: Request, db: Db, who: Who, finding_id: UUID) -> Response:
    """Show the form of a point with what the finding says."""
    finding = repository.visible(db, finding_id)
    require(who, Act.EDIT_POINT, finding.area_path)
    if not pointing.free(db, finding):
        raise Conflict("This finding is a point already, or applied for. Open its case.")
    return form_page(request, db, filled(db, finding), to=f"/findings/{finding_id}/point")


@router.post("/findings/{finding_id}/point")
def apply(
    request: Request, db: Db, who: Who, now: Now, finding_id: UUID, sent: Annotated[Sent, Form()]
) -> Response:
    """Apply for the point, and let the finding know."""
    repository.visible(db, finding_id)
    sent.file_ids = own(db, finding_id, sent, by=who)
    wrong = entered(db, sent, by=who, now=now)
    if wrong is not None:
        return form_page(request, db, wrong, to=f"/findings/{finding_id}/point")
    pointing.become(db, finding_id=finding_id, point_id=sent.id, case_id=sent.case, by=who, now=now)
    return to_case(request, sent.case)


def filled(session: Session, finding: Finding) -> PointForm:
    """Fill in what is known of it; kind of hazard and whom it threatens are for a person to say."""
    form, asset = PointForm.empty({}), finding.asset
    place = seen_at(session, finding)
    said = {
        "name": f"{asset.name}{finding.text_zh}",
        "category": Category.HIDDEN_DANGER,
        "evidence": Evidence.POSSIBLE,
        "address": asset.street,
        "longitude": f"{place.x:.6f}",
        "latitude": f"{place.y:.6f}",
        "found_on": day_of(finding.found_at).isoformat(),
        "reason": " ".join(one for one in (finding.answer, finding.note) if one),
        "file_ids": ",".join(str(one) for one in pictures(session, finding.id)),
    }
    form.typed |= said
    return form


def seen_at(session: Session, finding: Finding) -> Point:
    """Give where it was first seen; where no phone said so, the middle of its asset."""
    visits = [s.inspection_id for s in repository.steps(session, finding.id) if s.inspection_id]
    places = inspections.places(session, visits)
    first = next((places[one] for one in visits if one in places), None)
    return first or finding.asset.place.representative_point()


def pictures(session: Session, finding_id: UUID) -> list[UUID]:
    """Give the pictures of a finding, the first first."""
    ids = [step.id for step in repository.steps(session, finding_id)]
    found = files.attached(session, FILES, ids)
    return [file.id for one in ids for file in found[one] if file.is_picture][:MOST_PHOTOS]


def own(session: Session, finding_id: UUID, sent: Sent, *, by: Actor) -> list[UUID]:
    """Let the pictures of the finding be the point's too; its own stay with it."""
    theirs = files.known(session, pictures(session, finding_id))
    return [
        files.copy(session, theirs[one], id=uuid5(sent.case, str(one)), by=by).id
        if one in theirs
        else one
        for one in sent.file_ids
    ]
