"""Verbs of findings: seen on a round, moved on by the street until verified."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require
from gis.errors import Conflict
from gis.store import audit
from gis.store.base import new_id
from gis.store.notify import announce
from hazards.checklists.rules import bounded
from qr_codes.assets import repository as assets
from qr_codes.assets.models import Asset
from qr_codes.findings import repository, rules
from qr_codes.findings.models import Finding, FindingStep
from qr_codes.findings.rules import State, Step


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing that an inspection found bad."""

    template_code: str
    item_code: str
    text_zh: str
    text_en: str
    answer: str
    grade: int
    stop: bool
    note: str


@dataclass(frozen=True, slots=True)
class Seen:
    """By whom, when and on which inspection."""

    by: Actor
    done_at: datetime
    received_at: datetime
    inspection_id: UUID | None


def see(session: Session, *, asset: Asset, defect: Defect, seen: Seen) -> tuple[Finding, bool]:
    """Open a finding, or join the open one of the same defect. Tells whether it is new.

    The caller holds the asset's row, so two rounds at once cannot open the same twice.
    """
    there = repository.open_defect(
        session,
        asset_id=asset.id,
        template_code=defect.template_code,
        item_code=defect.item_code,
    )
    if there is not None:
        join(session, there, defect=defect, seen=seen)
        return there, False
    finding = Finding(
        id=new_id(),
        asset_id=asset.id,
        area_path=asset.area_path,
        template_code=defect.template_code,
        item_code=defect.item_code,
        text_zh=defect.text_zh,
        text_en=defect.text_en,
        answer=defect.answer,
        note=defect.note,
        grade=defect.grade,
        stop=defect.stop,
        state=State.DISCOVERED,
        found_by=seen.by.id,
        found_by_name=seen.by.name,
        found_at=seen.done_at,
        seen_at=seen.done_at,
        synthetic=asset.synthetic,
    )
    session.add(finding)
    session.flush()  # its steps need its row
    write(session, finding, Step.DISCOVER, seen=seen, note=defect.note)
    return finding, True


def join(session: Session, finding: Finding, *, defect: Defect, seen: Seen) -> None:
    """See a defect again: the worse grade counts, and a finished one goes back to work."""
    finding.state = rules.after(State(finding.state), Step.SEE_AGAIN)
    finding.times_seen += 1
    finding.seen_at = max(finding.seen_at, seen.done_at)
    finding.found_at = min(finding.found_at, seen.done_at)
    finding.grade = min(finding.grade, defect.grade)
    finding.stop = finding.stop or defect.stop
    finding.answer = defect.answer
    write(session, finding, Step.SEE_AGAIN, seen=seen, note=defect.note)


def move(
    session: Session, *, finding_id: UUID, step_id: UUID, step: Step, note: str, seen: Seen
) -> Finding:
    """Move a finding one step on; the same step id again is the same step once."""
    finding = repository.visible(session, finding_id)
    require(seen.by, Act.HANDLE_FINDING, finding.area_path)
    asset = assets.visible(session, finding.asset_id, lock=True)
    finding = repository.visible(session, finding_id, lock=True)
    before = repository.step(session, step_id)
    if before is not None:
        if (before.finding_id, before.act) != (finding_id, step):
            raise Conflict("This step was already taken with another content.")
        return finding
    said = rules.checked_note(step, bounded(note))
    finding.state = rules.after(State(finding.state), step)
    finding.closed_at = seen.done_at if finding.state == State.VERIFIED else None
    write(session, finding, step, seen=seen, note=said, step_id=step_id)
    repository.refresh_danger(session, asset.id)
    return finding


def write(
    session: Session,
    finding: Finding,
    step: Step,
    *,
    seen: Seen,
    note: str,
    step_id: UUID | None = None,
) -> None:
    """Append the step, and tell the audit log and live pages."""
    session.add(
        FindingStep(
            id=step_id or new_id(),
            finding_id=finding.id,
            area_path=finding.area_path,
            act=step,
            state=finding.state,
            actor_id=seen.by.id,
            actor_name=seen.by.name,
            done_at=seen.done_at,
            received_at=seen.received_at,
            note=note,
            inspection_id=seen.inspection_id,
        )
    )
    area = finding.area_path
    audit.record(
        session, act=f"finding.{step}", subject=finding.id, area_path=area, state=finding.state
    )
    announce(session, topic="finding", kind=finding.state, ref=finding.id, area_path=area)
