"""Visits that something contradicts: another content under one number, a newer list, the register.

Each version is a visit of its own, and what is bad in any of them counts at once: danger does not
wait for a review. The review says which of them holds; sights of one that does not are set aside.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Actor
from hazards.conflicts import repository, rules
from hazards.conflicts import service as conflicts
from hazards.conflicts.models import VersionConflict
from hazards.conflicts.rules import About, Kind
from hazards.conflicts.service import Ruling
from qr_codes.assets import repository as assets
from qr_codes.assets.models import RiskCode
from qr_codes.findings import repository as findings
from qr_codes.findings import service as verbs
from qr_codes.inspections.models import Inspection
from qr_codes.inspections.visits import Came


def note(
    session: Session,
    came: Came,
    kind: Kind,
    *,
    second: Inspection,
    first: Inspection | None = None,
    register: dict[str, str] | None = None,
) -> UUID:
    """Keep for review that a visit is contradicted."""
    sent_at = came.visit.sent_at
    put_right = timedelta(seconds=second.clock_off_s)
    conflict = VersionConflict(
        about=About.ASSET,
        kind=kind,
        subject_id=came.asset.id,
        subject_name=came.asset.name,
        area_path=came.asset.area_path,
        first_id=first.id if first else None,
        second_id=second.id,
        facts={"photos": [str(one.id) for one in came.promised]} | (register or {}),
        author_id=came.by.id,
        author_name=came.by.name,
        done_at=second.done_at,
        sent_at=min(sent_at - put_right, came.now) if sent_at else None,
        received_at=came.now,
    )
    return conflicts.note(session, conflict)


def against_register(session: Session, came: Came, visit: Inspection) -> UUID | None:
    """Keep for review a visit to what was out of use before, or by a label that had ended."""
    asset = came.asset
    if asset.retired_at is not None and asset.retired_at <= visit.done_at:
        said = {"at": asset.retired_at.isoformat(), "reason": asset.retired_reason}
        return note(session, came, Kind.ASSET, second=visit, register=said)
    label = session.get(RiskCode, visit.code_id) if visit.code_id else None
    ended = (label.revoked_at or label.replaced_at) if label else None
    if label is not None and ended is not None and ended <= visit.done_at:
        said = {"state": label.state, "at": ended.isoformat(), "reason": label.reason}
        return note(session, came, Kind.LABEL, second=visit, register=said)
    return None


def rule(
    session: Session, *, conflict_id: UUID, ruling: Ruling, by: Actor, now: datetime
) -> VersionConflict:
    """Rule which visit holds: what only the other one saw is set aside, or counts again."""
    conflict = repository.visible(session, conflict_id)
    asset = assets.visible(session, conflict.subject_id, lock=True)
    conflict, before, is_new = conflicts.rule(
        session, conflict_id=conflict_id, ruling=ruling, by=by, now=now
    )
    if is_new:
        for visit in {before, conflict.aside_id} - {None}:
            recount(session, visit, by=by, now=now, why=ruling.reason)
        findings.refresh_danger(session, asset.id)
    return conflict


def recount(session: Session, visit: UUID | None, *, by: Actor, now: datetime, why: str) -> None:
    """Bring what a visit saw to what its rulings say."""
    if visit is None:
        return
    counts = not repository.is_aside(session, visit)
    for finding in findings.of_inspection(session, visit):
        verbs.count(session, finding, visit=visit, counts=counts, by=by, now=now, note=why)


def another(first: Inspection, second: Inspection) -> None:
    """Give another content under a taken number a number of its own."""
    second.id = rules.second_id(first.id, second.fingerprint)
