"""Many points that came back, changed by hand or from a file: some are left out, it goes again."""

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.errors import Rejected
from gis.store import audit, notify
from hazards.points.cases import applying, bulk, service
from hazards.points.cases.bulk import Chosen, Outlook
from hazards.points.cases.models import HazardPointDraft, LedgerCase
from hazards.points.cases.proposing import Ask
from hazards.points.cases.rules import Kind
from hazards.points.filters import PointFilter

Naming = Callable[[Sequence[Chosen]], str]
"""Names a case by the points it changes, in its author's language."""


def of_author(session: Session, case_id: UUID, *, by: Actor) -> LedgerCase:
    """Give a change of many points that its author has before him."""
    case = service.in_hand(session, case_id, by=by)
    if case.kind != Kind.BULK:
        raise Rejected("This case is not one change of many points. Amend it on its own page.")
    return case


def of_many(session: Session, case_id: UUID, *, by: Actor) -> LedgerCase:
    """Give a case of many points that its author has before him, out of which some may be left."""
    case = service.in_hand(session, case_id, by=by)
    if case.kind not in (Kind.BULK, Kind.IMPORT):
        raise Rejected("This case is not one change of many points. Amend it on its own page.")
    return case


def points(session: Session, case: LedgerCase) -> Sequence[Chosen]:
    """Give the points of a case as they stand now."""
    drafted = select(HazardPointDraft.point_id).where(*held(case))
    return bulk.chosen(session, PointFilter(), session.scalars(drafted).all())


def values(case: LedgerCase) -> dict[str, object]:
    """Give what the case says of every point of its own."""
    kept = case.changes or {}
    return {
        name: date.fromisoformat(value) if value and bulk.FIELDS[name] == "date" else value
        for name, value in kept.items()
    }


def leave_out(
    session: Session, *, case_id: UUID, point_id: UUID, naming: Naming, by: Actor
) -> LedgerCase:
    """Take a point out of a case; the last one stays, or nothing would be left to judge."""
    case = of_many(session, case_id, by=by)
    there = session.get(HazardPointDraft, (case_id, point_id))
    if there is None or there.left_out:
        return case
    if applying.count(session, case) == 1:
        raise Rejected("This is the last point of the case. Withdraw the case instead.")
    there.left_out = True
    return _counted(session, case, "left_out", naming, point=point_id)


def leave_out_old(session: Session, *, case_id: UUID, naming: Naming, by: Actor) -> int:
    """Take out all points that others changed or numbered meanwhile; gives how many."""
    case = of_many(session, case_id, by=by)
    old = applying.count_old(session, case.id)
    if not old:
        return 0
    applying.set_old_aside(session, case.id)
    if applying.count(session, case) == 0:
        raise Rejected("The ledger has moved on under every point of this case. Withdraw it.")
    _counted(session, case, "left_out", naming, points=old)
    return old


def take_in(
    session: Session, *, case_id: UUID, point_id: UUID, naming: Naming, by: Actor
) -> LedgerCase:
    """Bring a point back that was left out: what a file says of it, or the change as of now."""
    case = of_many(session, case_id, by=by)
    there = session.get(HazardPointDraft, (case_id, point_id))
    if there is None or not there.left_out:
        return case
    there.left_out = False
    if case.kind == Kind.BULK:
        session.delete(there)
        session.flush()  # its place is taken by the new draft
        changes = values(case)
        view = bulk.outlook(session, bulk.chosen(session, PointFilter(), [point_id]), changes)
        bulk.hold_seen(view, view.seen)
        bulk.draft(session, case, view, changes)
    return _counted(session, case, "taken_in", naming, point=point_id)


def again(
    session: Session,
    *,
    ask: Ask,
    view: Outlook,
    seen: str,
    changes: dict[str, object],
    naming: Naming,
) -> LedgerCase:
    """Say it better of the points that are left, as they stand now, and apply again."""
    case = of_author(session, ask.case_id, by=ask.by)
    bulk.hold_seen(view, seen)
    session.execute(delete(HazardPointDraft).where(*held(case)))
    bulk.draft(session, case, view, changes)
    case.changes, case.reason = audit.plain(changes), ask.reason.strip()
    case.title = naming(view.changing)
    return service.apply(session, case_id=case.id, by=ask.by, now=ask.now)


def held(case: LedgerCase) -> tuple[ColumnElement[bool], ...]:
    """Hold for the drafts of a case that were not left out."""
    return HazardPointDraft.case_id == case.id, ~HazardPointDraft.left_out


def _counted(
    session: Session, case: LedgerCase, act: str, naming: Naming, **which: object
) -> LedgerCase:
    applying.count(session, case)
    if case.kind == Kind.BULK:
        case.title = naming(points(session, case))
    where = case.unit_path
    audit.record(session, act=f"case.{act}", subject=case.id, area_path=where, **which)
    notify.announce(session, topic="case", kind=act, ref=case.id, area_path=where)
    return case
