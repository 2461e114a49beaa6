"""The form of a step of a finding as browsers send it, photos with it, without JavaScript too."""

from uuid import UUID, uuid5

from sqlalchemy.orm import Session
from starlette.datastructures import FormData, UploadFile

from gis import geometry
from gis.authority import Actor
from gis.errors import Rejected
from gis.store import files
from qr_codes.assets.models import RiskCode
from qr_codes.findings.rules import Step
from qr_codes.findings.service import Deed, Scan
from rescue_app.web.scan_form import WRONG_FORM, text

MOST_PHOTOS = 6
PHOTO_BYTES = 20_000_000
SEEN_OR_SPOKEN = files.PICTURES | files.SOUNDS


def deed_of(session: Session, form: FormData, *, by: Actor, label: RiskCode | None = None) -> Deed:
    """Read a step from the form; with a label it was taken on site."""
    try:
        deed_id, act = UUID(text(form, "id")), Step(text(form, "act"))
        unit = text(form, "unit_id")
        unit_id = UUID(unit) if unit else None
    except ValueError:
        raise Rejected(WRONG_FORM) from None
    return Deed(
        id=deed_id,
        act=act,
        note=text(form, "note"),
        unit_id=unit_id,
        file_ids=photos_of(session, form, deed_id, by=by),
        scan=scan_of(form, label) if label else None,
    )


def scan_of(form: FormData, label: RiskCode) -> Scan:
    """Say which label was scanned, and where the phone was, if it said so."""
    try:
        place = [float(text(form, name)) for name in ("lon", "lat") if text(form, name)]
    except ValueError:
        raise Rejected(WRONG_FORM) from None
    spot = geometry.point(*place) if len(place) == 2 else None
    return Scan(label.id, label.asset_id, spot)


def uploads_of(form: FormData) -> list[UploadFile]:
    """Give the photos of a form; a picker that was left empty sends a file without a name."""
    sent = [one for one in form.getlist("photos") if isinstance(one, UploadFile) and one.filename]
    if len(sent) > MOST_PHOTOS:
        raise Rejected("Choose at most {most} photos.", most=MOST_PHOTOS)
    return sent


def photos_of(session: Session, form: FormData, step_id: UUID, *, by: Actor) -> tuple[UUID, ...]:
    """Keep the photos of a step; the form sent again brings the same photos once."""
    kept = [
        files.put(
            session, one.file, id=uuid5(step_id, str(number)), name=one.filename or "photo",
            by=by, area_path=by.area_path, allow=SEEN_OR_SPOKEN, most_bytes=PHOTO_BYTES,
        )
        for number, one in enumerate(uploads_of(form))
    ]  # fmt: skip
    return tuple(file.id for file in kept)
