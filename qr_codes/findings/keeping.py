"""Keeps beside a finding what its steps add up to; its deadline moves, its call ends with it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.store.base import new_id
from hazards.calls import service as calls
from hazards.calls.program import as_program
from hazards.duty.models import Unit
from hazards.duty.responsibility import Post
from qr_codes.findings import deadlines, repository, rules
from qr_codes.findings.models import Finding, FindingStep
from qr_codes.findings.rules import ENDED, Standing, Step, Taken

TOPIC = "finding"
Office = Unit | Post


def taken(step: FindingStep) -> Taken:
    """Give a row as the rules read it."""
    return Taken(
        id=step.id,
        act=Step(step.act),
        actor_id=step.actor_id,
        at=step.done_at,
        heard_at=step.received_at,
        unit_id=step.unit_id,
        inspection_id=step.inspection_id,
    )


def read(steps: Iterable[FindingStep]) -> Standing:
    """Add up the steps."""
    return rules.standing(taken(step) for step in steps)


def settle(session: Session, finding: Finding, *, by: Actor, now: datetime) -> Standing:
    """Bring a finding's row to what its steps say."""
    session.flush()  # the step that was just taken is among them
    found = read(repository.steps(session, finding.id))
    finding.state, finding.times_seen = found.state, found.times_seen
    finding.closed_at = found.verified_at if found.state in ENDED else None
    finding.owned, finding.awaits_ruling = found.owned, found.awaits_ruling
    finding.unowned_since = found.unowned_since if found.state not in ENDED else None
    finding.unowned_s = int(found.unowned.total_seconds())
    name_office(session, finding, found.unit_id)
    due_at = deadlines.due_at(found, deadlines.of_grade(session, finding.grade))
    if due_at != finding.due_at:
        finding.due_at, finding.called_on = due_at, None
        end_call(session, finding, by=by, now=now)
    return found


def name_office(session: Session, finding: Finding, unit_id: UUID | None) -> None:
    """Copy the office's name and area: who works here may not look all of them up."""
    if finding.unit_id == unit_id:
        return
    with as_program(session):
        unit = session.get(Unit, unit_id) if unit_id else None
        finding.unit_id = unit_id
        finding.unit_name = unit.name if unit else ""
        finding.unit_name_en = unit.name_en if unit else ""
        finding.unit_path = unit.area_path if unit else ""


def end_call(session: Session, finding: Finding, *, by: Actor, now: datetime) -> None:
    """Stop ringing about a stage that is over."""
    if finding.call_ref is None:
        return
    calls.cancel(
        session, topic=TOPIC, refs=[finding.call_ref], why="已推进 · moved on", by=by, now=now
    )
    finding.call_ref = None


def step_row(
    finding: Finding,
    act: Step,
    *,
    by: Actor,
    done_at: datetime,
    received_at: datetime,
    note: str = "",
    id: UUID | None = None,  # noqa: A002 - the step's own id, made by whoever takes it
    inspection_id: UUID | None = None,
    office: Office | None = None,
) -> FindingStep:
    """Write down one step."""
    return FindingStep(
        id=id or new_id(),
        finding_id=finding.id,
        area_path=finding.area_path,
        act=act,
        state=finding.state,
        actor_id=by.id,
        actor_name=by.name,
        done_at=done_at,
        received_at=received_at,
        note=note,
        inspection_id=inspection_id,
        unit_id=office.id if office else None,
        unit_name=office.name if office else "",
        unit_name_en=office.name_en if office else "",
    )
