"""A visit from the field as the row that is kept: read by its list, measured, timed, judged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Actor
from hazards.checklists import visits as rules
from hazards.checklists.repository import Checklist
from hazards.checklists.rules import Judged, bounded, judge_all
from hazards.checklists.visits import Visit
from hazards.photos.rules import Promised
from qr_codes.assets import repository as assets
from qr_codes.assets import service as labels
from qr_codes.assets.models import Asset, RiskCode
from qr_codes.assets.rules import CodeState
from qr_codes.inspections.models import Inspection


@dataclass(frozen=True, slots=True)
class Came:
    """A visit as it came: what it is about, who made it, when we heard of it."""

    asset: Asset
    away_m: float | None
    visit: Visit
    note: str
    by: Actor
    now: datetime
    code_id: UUID | None
    promised: Sequence[Promised]


@dataclass(frozen=True, slots=True)
class Read:
    """A visit as one list reads it."""

    checklist: Checklist
    judged: Sequence[Judged]
    visit: Visit


def read(came: Came, checklist: Checklist) -> Read:
    """Judge a visit by the list that was shown, and refuse one that contradicts itself."""
    judged = judge_all(checklist.items, came.visit.answers)
    rules.agree(came.visit, judged, came.note)
    taken = {one.item for one in came.promised}
    rules.pictured(came.visit, checklist.items, judged, taken)
    return Read(checklist, judged, came.visit)


def bounded_note(visit: Visit) -> str:
    """Give the words of a visit, not longer than they may be."""
    return bounded(visit.note)


def row_of(came: Came, read: Read) -> Inspection:
    """Write down a visit as it will be kept."""
    asset, visit = came.asset, came.visit
    deed = rules.deed_time(visit, received_at=came.now)
    photos = [one.id for one in came.promised]
    return Inspection(
        id=visit.id,
        asset_id=asset.id,
        code_id=came.code_id,
        area_path=asset.area_path,
        template_code=read.checklist.code,
        template_version=read.checklist.version,
        actor_id=came.by.id,
        actor_name=came.by.name,
        outcome=read.visit.outcome,
        answers=[
            {"item": one.item.code, "value": one.value, "bad": one.bad} for one in read.judged
        ],
        note=came.note,
        done_at=deed.done_at,
        received_at=came.now,
        clock_off_s=deed.clock_off_s,
        place=visit.place,
        accuracy_m=visit.accuracy_m,
        distance_m=came.away_m,
        far=rules.is_far(came.away_m),
        fingerprint=rules.fingerprint(
            read.visit, subject=asset.id, judged=read.judged, note=came.note, photos=photos
        ),
    )


def label_seen(session: Session, inspection: Inspection, asset: Asset) -> None:
    """The first scan on site is what makes a printed label a mounted one."""
    if inspection.code_id is None or inspection.place is None or inspection.far:
        return
    scanned = session.get(RiskCode, inspection.code_id)
    if scanned is not None and scanned.state != CodeState.PRINTED:
        return  # it hangs already: no need to hold its row
    label = assets.label(session, inspection.code_id)
    labels.mount(session, label, asset=asset, place=inspection.place, now=inspection.done_at)
