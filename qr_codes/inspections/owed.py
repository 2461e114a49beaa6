"""Lists owed at an asset: which of them a scan asks first, and what a visit does to them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from hazards.checklists import repository as checklists
from hazards.checklists.repository import Checklist
from hazards.checklists.visits import OTHER_GRADE, Outcome
from hazards.modes.rules import Mode
from hazards.tasks import laying, repository
from hazards.tasks.models import Task
from qr_codes.assets.models import Asset
from qr_codes.inspections import lists
from qr_codes.inspections.models import Inspection
from qr_codes.inspections.visits import Came, Read


def at(session: Session, asset: Asset, *, now: datetime) -> Sequence[Task]:
    """Give what is owed at an asset by now, the soonest first."""
    return repository.owed_at(session, asset.id, now)


def asked(
    session: Session, asset: Asset, mode: Mode, owed: Sequence[Task], *, wanted: str = ""
) -> Checklist:
    """Give the list that is asked: the one wanted, that of the mode, or the first that is owed."""
    usual = lists.in_mode(session, asset, mode)
    by_code = {one.template_code: one for one in reversed(owed)}
    chosen = by_code.get(wanted)
    if chosen is None and owed and usual.code not in by_code:
        chosen = owed[0]
    if chosen is None or chosen.template_code == usual.code:
        return usual
    code, version = chosen.template_code, chosen.template_version
    return checklists.of_version(session, code, version, area_path=asset.area_path)


def fill(session: Session, came: Came, said: Read, visit: Inspection) -> Sequence[Task]:
    """Do the lists that a visit answers."""
    outcome = said.visit.outcome
    other = OTHER_GRADE if outcome is Outcome.PROBLEM else None
    return laying.of_visit(
        session,
        visit,
        subject_id=came.asset.id,
        shown=said.checklist,
        judged=said.judged,
        outcome=outcome,
        worst=min((one.item.grade for one in said.judged if one.bad), default=other),
        by=came.by,
        now=came.now,
    )
