"""Verb of inspections: submit. One transaction: the visit, its findings, the asset's danger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require
from gis.errors import Conflict
from gis.store import audit, notify
from hazards.checklists import repository as checklists
from hazards.checklists import visits as rules
from hazards.checklists.rules import bounded, judge_all
from qr_codes.assets import repository as assets
from qr_codes.assets.models import Asset
from qr_codes.findings import repository as findings
from qr_codes.findings.models import Finding
from qr_codes.findings.service import Seen
from qr_codes.inspections import photos, repository
from qr_codes.inspections.defects import defects_of, follow_up
from qr_codes.inspections.models import Inspection
from qr_codes.inspections.visits import label_seen, row_of


@dataclass(frozen=True, slots=True)
class Submitted:
    """What a visit led to."""

    inspection: Inspection
    opened: Sequence[Finding]
    joined: Sequence[Finding]
    new: bool


def submit(
    session: Session,
    *,
    asset_id: UUID,
    visit: rules.Visit,
    by: Actor,
    now: datetime,
    code_id: UUID | None = None,
    promised: Sequence[photos.Promised] = (),
) -> Submitted:
    """Keep a visit once, whatever number of times it is sent, and open or join its findings."""
    require(by, Act.INSPECT, assets.visible(session, asset_id).area_path)
    # The asset's row is held: two rounds at once wait for each other here.
    asset = assets.visible(session, asset_id, lock=True)
    checklist = checklists.shown_for(
        session, f"asset:{asset.type_code}", visit.shown, area_path=asset.area_path
    )
    judged = judge_all(checklist.items, visit.answers)
    note = bounded(visit.note)
    rules.agree(visit, judged, note)
    deed = rules.deed_time(visit, received_at=now)
    inspection = row_of(session, asset, visit, judged, deed=deed, by=by, now=now)
    inspection.template_code = checklist.code
    inspection.template_version = checklist.version
    inspection.note = note
    inspection.code_id = code_id
    inspection.fingerprint = rules.fingerprint(
        visit, subject=asset.id, judged=judged, note=note, photos=[one.id for one in promised]
    )
    if not repository.keep(session, inspection):
        return again(session, inspection)
    photos.promise(session, inspection, promised, by=by)
    seen = Seen(by=by, done_at=deed.done_at, received_at=now, inspection_id=visit.id)
    defects = defects_of(checklist, judged, outcome=visit.outcome, note=note)
    opened, joined = follow_up(session, asset, defects, seen=seen)
    label_seen(session, inspection, asset)
    tell(session, inspection, asset)
    return Submitted(inspection, opened, joined, new=True)


def again(session: Session, inspection: Inspection) -> Submitted:
    """Answer a retry with what was kept; another content under the same id is refused."""
    kept = session.get(Inspection, inspection.id)
    if kept is None or kept.fingerprint != inspection.fingerprint:
        raise Conflict(
            "Another inspection was already kept under this number. Yours was not saved: "
            "load the page again and send it once more."
        )
    return Submitted(kept, (), findings.of_inspection(session, kept.id), new=False)


def tell(session: Session, inspection: Inspection, asset: Asset) -> None:
    """Write the audit line and tell live pages."""
    area = asset.area_path
    audit.record(
        session,
        act="asset.inspected",
        subject=asset.id,
        area_path=area,
        inspection=inspection.id,
        outcome=inspection.outcome,
    )
    notify.announce(
        session, topic="inspection", kind=inspection.outcome, ref=asset.id, area_path=area
    )
