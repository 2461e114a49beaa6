"""A visit from the field as the row that is kept: measured, timed, judged."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from gis.authority import Actor
from hazards.checklists import visits as rules
from hazards.checklists.rules import Judged
from hazards.checklists.visits import Deed, Visit
from qr_codes.assets import repository as assets
from qr_codes.assets import service as labels
from qr_codes.assets.models import Asset
from qr_codes.inspections.models import Inspection


def row_of(
    session: Session,
    asset: Asset,
    visit: Visit,
    judged: Sequence[Judged],
    *,
    deed: Deed,
    by: Actor,
    now: datetime,
) -> Inspection:
    """Write down a visit as it will be kept."""
    distance_m = assets.metres_between(session, asset.id, visit.place) if visit.place else None
    return Inspection(
        id=visit.id,
        asset_id=asset.id,
        area_path=asset.area_path,
        actor_id=by.id,
        actor_name=by.name,
        outcome=visit.outcome,
        answers=[{"item": one.item.code, "value": one.value, "bad": one.bad} for one in judged],
        done_at=deed.done_at,
        received_at=now,
        clock_off_s=deed.clock_off_s,
        place=visit.place,
        accuracy_m=visit.accuracy_m,
        distance_m=distance_m,
        far=rules.is_far(distance_m),
    )


def label_seen(session: Session, inspection: Inspection, asset: Asset) -> None:
    """The first scan on site is what makes a printed label a mounted one."""
    if inspection.code_id is None or inspection.place is None or inspection.far:
        return
    label = assets.label(session, inspection.code_id)
    labels.mount(session, label, asset=asset, place=inspection.place, now=inspection.done_at)
