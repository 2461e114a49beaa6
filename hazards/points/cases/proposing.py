"""What a person does in one go: enter, change or remove a point, or take a case back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.errors import Conflict, Rejected
from hazards.points.cases import drafting, repository, service
from hazards.points.cases.applying import SAYS, listed
from hazards.points.cases.models import HazardPointDraft, LedgerCase
from hazards.points.cases.rules import Kind, State
from hazards.points.facts import Facts, changed
from hazards.points.rules import Ground

NEWER = text("""
    SELECT point.name, point.changed_by_name, count(*) OVER ()
    FROM hazard_point_draft AS draft JOIN hazard_point AS point ON point.id = draft.point_id
    WHERE draft.case_id = :case_id AND NOT draft.left_out
      AND point.version > draft.base_version + 1
    ORDER BY point.changed_at DESC LIMIT 1
""")
BEFORE = f"""
    SELECT point.id, point.version, {listed("before.")}
    FROM hazard_point_draft AS draft JOIN hazard_point AS point ON point.id = draft.point_id
    JOIN hazard_point_version AS before
      ON before.point_id = draft.point_id AND before.version = draft.base_version
    WHERE draft.case_id = :undone AND NOT draft.left_out
"""  # noqa: S608 - made of the columns' own names
"""Every changed point as it was before the case."""

OFF = {"state": "'delisted'", "delisted_ground": "'entered_in_error'"}
OFF_AGAIN = f"""
    SELECT point.id, point.version, {", ".join(OFF.get(c, f"point.{c}") for c in SAYS)}
    FROM hazard_point_draft AS draft JOIN hazard_point AS point ON point.id = draft.point_id
    WHERE draft.case_id = :undone AND NOT draft.left_out AND draft.base_version = 0
"""  # noqa: S608 - as above
"""Every point the case entered, off the ledger again."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Who asks, when and why. He makes the case's id: asked twice, it is the same case once."""

    case_id: UUID
    by: Actor
    now: datetime
    reason: str = ""

    def opened(self, session: Session, *, kind: Kind, title: str, **more: Any) -> LedgerCase:
        """Open the case."""
        said = {"kind": kind, "title": title, "reason": self.reason} | more
        return service.open_case(session, id=self.case_id, by=self.by, now=self.now, **said)


def enter(
    session: Session,
    *,
    ask: Ask,
    point_id: UUID,
    facts: Facts,
) -> tuple[LedgerCase, bool]:
    """Apply for a new point; the same id again is the same case once. Tells whether it is new."""
    there = repository.find(session, ask.case_id)
    if there is not None:
        return there, False
    case = ask.opened(session, kind=Kind.ADD, title=facts.name)
    drafting.add(session, case, point_id=point_id, facts=facts, by=ask.by, now=ask.now)
    return service.apply(session, case_id=case.id, by=ask.by, now=ask.now), True


def change(
    session: Session,
    *,
    ask: Ask,
    point_id: UUID,
    seen_version: int,
    changes: dict[str, object],
) -> tuple[LedgerCase, bool]:
    """Apply for a change; what is not among the changes stays."""
    there = repository.find(session, ask.case_id)
    if there is not None:
        return there, False
    point = drafting.current(session, point_id, seen_version=seen_version, by=ask.by)
    facts = changed(point, changes)
    if facts is None:
        raise Rejected("This is what the ledger says already. Change something, then apply.")
    case = ask.opened(session, kind=Kind.CHANGE, title=point.name)
    drafting.amend(session, case, point=point, facts=facts, by=ask.by, now=ask.now)
    return service.apply(session, case_id=case.id, by=ask.by, now=ask.now), True


def remove(
    session: Session,
    *,
    ask: Ask,
    point_id: UUID,
    seen_version: int,
    ground: Ground,
    report: str,
) -> tuple[LedgerCase, bool]:
    """Apply for a point's leaving the ledger, with the ground and the report on it."""
    there = repository.find(session, ask.case_id)
    if there is not None:
        return there, False
    point = drafting.current(session, point_id, seen_version=seen_version, by=ask.by)
    why = {"ground": ground, "report": checked_report(report)}
    case = ask.opened(session, kind=Kind.REMOVE, title=point.name, **why)
    drafting.remove(session, case, point=point, ground=ground, now=ask.now)
    return service.apply(session, case_id=case.id, by=ask.by, now=ask.now), True


def undo(
    session: Session, *, ask: Ask, undone_id: UUID, told: Callable[[int], None] | None = None
) -> tuple[LedgerCase, bool]:
    """Apply for the states before a case, as long as nothing builds on what it made.

    `told` hears how many points have been drafted.
    """
    there = repository.find(session, ask.case_id)
    if there is not None:
        return there, False
    undone = repository.visible(session, undone_id, lock=True)
    hold_undoable(session, undone)
    case = ask.opened(session, kind=Kind.UNDO, title=undone.title, undoes_id=undone_id)
    for rows in (BEFORE, OFF_AGAIN):
        drafted = drafting.fill(session, case, rows, undone=undone_id)
        if told is not None:
            told(drafted)
    return service.apply(session, case_id=case.id, by=ask.by, now=ask.now), True


def hold_undoable(session: Session, undone: LedgerCase) -> None:
    """Hold that a case is on the ledger, that nobody takes it back, and nothing builds on it."""
    if undone.state != State.APPROVED:
        raise Conflict("Only what is on the ledger can be undone. Withdraw the case instead.")
    if repository.undone_by(session, undone.id) is not None:
        raise Conflict("Somebody is undoing this case already. Open that case.")
    newer = session.execute(NEWER, {"case_id": undone.id}).first()
    if newer is not None:
        raise Conflict(
            "{count} points have changed since, such as {name} by {who}."
            " Undo that first, or change the points one by one.",
            count=newer[2],
            name=newer[0],
            who=newer[1],
        )


def rework(
    session: Session,
    *,
    ask: Ask,
    seen_version: int,
    facts: Facts,
) -> LedgerCase:
    """Say it better and apply again; for a case with one draft that its author has before him."""
    case, draft = with_author(session, ask.case_id, by=ask.by)
    if case.kind == Kind.ADD:
        drafting.add(session, case, point_id=draft.point_id, facts=facts, by=ask.by, now=ask.now)
    else:
        point = drafting.current(session, draft.point_id, seen_version=seen_version, by=ask.by)
        drafting.amend(session, case, point=point, facts=facts, by=ask.by, now=ask.now)
    case.title, case.reason = facts.name, ask.reason.strip()
    return service.apply(session, case_id=case.id, by=ask.by, now=ask.now)


def rework_removal(
    session: Session,
    *,
    ask: Ask,
    seen_version: int,
    ground: Ground,
    report: str,
) -> LedgerCase:
    """Give another ground or report for a point's leaving, and apply again."""
    case, draft = with_author(session, ask.case_id, by=ask.by)
    point = drafting.current(session, draft.point_id, seen_version=seen_version, by=ask.by)
    drafting.remove(session, case, point=point, ground=ground, now=ask.now)
    case.ground, case.report = ground, checked_report(report)
    return service.apply(session, case_id=case.id, by=ask.by, now=ask.now)


def with_author(
    session: Session, case_id: UUID, *, by: Actor
) -> tuple[LedgerCase, HazardPointDraft]:
    """Give a case of one draft that its author may still change."""
    case = service.in_hand(session, case_id, by=by)
    draft = repository.only_draft(session, case_id)
    if draft is None:
        raise Rejected("This case changes many points. Withdraw it and make a new one.")
    return case, draft


def checked_report(report: str) -> str:
    """Hold that a removal is reported on."""
    if not report.strip():
        raise Rejected("De-listing needs a report. Write what was done or found, and by whom.")
    return report.strip()
