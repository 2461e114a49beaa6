"""The same change of many points, as one case: looked at first, then applied for."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from gis.errors import Conflict, Missing, Rejected
from gis.store import audit
from hazards.points import repository, types
from hazards.points.cases import drafting, service
from hazards.points.cases import repository as cases
from hazards.points.cases.applying import SAYS
from hazards.points.cases.models import LedgerCase
from hazards.points.cases.proposing import Ask
from hazards.points.cases.rules import Kind
from hazards.points.filters import PointFilter
from hazards.points.models import HazardPoint
from hazards.points.rules import State

MOST = 5_000
"""One person can answer for so many in one go; more is an import."""

FIELDS = {
    "category": "text",
    "evidence": "text",
    "hazard_type": "text",
    "owner_name": "text",
    "owner_phone": "text",
    "owner_unit": "text",
    "owner_post": "text",
    "monitoring_name": "text",
    "monitoring_phone": "text",
    "monitoring_post": "text",
    "monitoring_method": "text",
    "plan_exists": "boolean",
    "cards_given": "boolean",
    "drilled_on": "date",
    "works_stage": "text",
}
"""What many points may have in common, and its type; the rest is each point's own."""

Chosen = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a change would do: to which points, and to which it would do nothing."""

    changing: tuple[Chosen, ...]
    same: int
    delisted: int

    @property
    def seen(self) -> str:
        """Give a mark of these points in these versions; it differs once one of them moves."""
        states = sorted(f"{row.id}:{row.version}" for row in self.changing)
        return sha256(",".join(states).encode()).hexdigest()


def chosen(session: Session, asked: PointFilter, picked: Sequence[UUID]) -> Sequence[Chosen]:
    """Give the points that were picked, or all that the filter means."""
    columns = [getattr(HazardPoint, name) for name in ("id", "version", "state", "name", "number")]
    query = select(*columns, *(getattr(HazardPoint, name) for name in FIELDS))
    if asked.as_of is not None:
        raise Rejected("The past cannot be changed. Take the day out of the filter.")
    among = [HazardPoint.id.in_(picked)] if picked else asked.conditions(HazardPoint)
    found = session.execute(query.where(*among).order_by(HazardPoint.id).limit(MOST + 1)).all()
    if picked and len(found) < len(set(picked)):
        raise Missing("Some of these points do not exist. They may lie outside your area.")
    if len(found) > MOST:
        count = repository.count(session, asked)
        raise Rejected(
            "{count} points are too many for one change; {most} are the most. Narrow the filter.",
            count=count,
            most=MOST,
        )
    return found


def outlook(session: Session, rows: Sequence[Chosen], changes: dict[str, object]) -> Outlook:
    """Tell what a change would do to some points."""
    if not changes:
        raise Rejected("Choose at least one field and its new value.")
    if "hazard_type" in changes:
        types.require_active(session, str(changes["hazard_type"]))
    there = [row for row in rows if row.state == State.APPROVED]
    moved = [row for row in there if any(getattr(row, c) != v for c, v in changes.items())]
    return Outlook(tuple(moved), same=len(there) - len(moved), delisted=len(rows) - len(there))


def change(
    session: Session, *, ask: Ask, title: str, view: Outlook, seen: str, changes: dict[str, object]
) -> tuple[LedgerCase, bool]:
    """Apply for the change that was looked at; what moved since has to be looked at again."""
    there = cases.find(session, ask.case_id)
    if there is not None:
        return there, False
    hold_seen(view, seen)
    case = ask.opened(session, kind=Kind.BULK, title=title, changes=audit.plain(changes))
    draft(session, case, view, changes)
    return service.apply(session, case_id=case.id, by=ask.by, now=ask.now), True


def hold_seen(view: Outlook, seen: str) -> None:
    """Hold that there is something to change, and that it is what was looked at."""
    if not view.changing:
        raise Rejected("This is what the ledger says already. Change something, then apply.")
    if view.seen != seen:
        raise Conflict("Some of these points changed since you looked. Look again, then apply.")


def draft(session: Session, case: LedgerCase, view: Outlook, changes: dict[str, object]) -> None:
    """Draft the change of the points it would change, as they stand now."""
    values = {f"new_{name}": value for name, value in changes.items()}
    ids = [row.id for row in view.changing]
    drafting.fill(session, case, rewritten(changes), _ids=ids, **values)


def rewritten(changes: dict[str, object]) -> str:
    """Select points as they are, but for the fields that change."""
    new = {name: f"CAST(:new_{name} AS {FIELDS[name]})" for name in changes}
    says = ", ".join(new.get(column, f"point.{column}") for column in SAYS)
    return f"""
        SELECT point.id, point.version, {says} FROM hazard_point AS point
        WHERE point.id = ANY(CAST(:_ids AS uuid[]))
    """  # noqa: S608 - made of the columns' own names
