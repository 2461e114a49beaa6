"""Findings that ring: the gravest at once, an overdue one every day until it moves."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from gis.authority import Actor
from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import PROGRAM, SYSTEM
from hazards.calls import service as calls
from hazards.calls.drafts import TEXT_LENGTH, CallDraft, Step
from hazards.calls.program import as_program
from hazards.calls.rules import Urgency
from hazards.duty import people
from hazards.tasks import callees
from qr_codes.findings import deadlines, repository
from qr_codes.findings.keeping import TOPIC
from qr_codes.findings.models import Finding

BATCH = 500
LATE = {
    "discovered": ("超期未受理", "not accepted in time"),
    "accepted": ("超期未整改", "not mended in time"),
    "in_hand": ("超期未整改", "not mended in time"),
    "finished": ("超期未核验", "not verified in time"),
    "verified": ("超期未反馈", "not fed back in time"),
}
GRADES = {1: "Ⅰ级", 2: "Ⅱ级", 3: "Ⅲ级", 4: "Ⅳ级"}


def call_at_once(
    session: Session, finding: Finding, *, name: str, by: Actor, now: datetime
) -> None:
    """Call whose it is and the street's leader together, where the grade asks for it."""
    given = deadlines.of_grade(session, finding.grade)
    if given is None or not given.calls_at_once or finding.call_ref is not None:
        return
    ref = uuid5(finding.id, "found")
    said = (f"{name}:{finding.text_zh}({GRADES[finding.grade]},{by.name})",
            f"{name}: {finding.text_en} (grade {finding.grade}, {by.name})")  # fmt: skip
    urgency = Urgency.FLASH if finding.stop else Urgency.URGENT
    if draft := draft_of(session, finding, ref, said, urgency=urgency, at_once=True):
        calls.open_call(session, draft, now=now)
        finding.call_ref = ref


def call_overdue(sessions: Sessions, *, now: datetime) -> int:
    """Call about what is overdue and was not called about today; give how many."""
    rang = 0
    while True:
        with unit_of_work(sessions, SYSTEM) as session:
            late = repository.claim_overdue(session, now=now, today=day_of(now), limit=BATCH)
            calls.open_many(session, drafts_of(session, late, day_of(now)), now=now)
        rang += len(late)
        if len(late) < BATCH:
            return rang


def drafts_of(session: Session, late: Sequence[Finding], today: date) -> list[CallDraft]:
    """Draft a call for each, and note that it was made today."""
    drafts = []
    for finding in late:
        ref = uuid5(finding.id, f"{finding.due_at} {today}")
        finding.called_on = today
        zh, en = LATE[finding.state]
        said = (f"{finding.asset.name}:{finding.text_zh},{zh}",
                f"{finding.asset.name}: {finding.text_en}, {en}")  # fmt: skip
        urgent = Urgency.URGENT if finding.grade == 1 else Urgency.ROUTINE
        draft = draft_of(session, finding, ref, said, urgency=urgent)
        if draft is not None:
            finding.call_ref = ref
            drafts.append(draft)
    return drafts


def draft_of(
    session: Session,
    finding: Finding,
    ref: UUID,
    said: tuple[str, str],
    *,
    urgency: Urgency,
    at_once: bool = False,
) -> CallDraft | None:
    """Draft a call up the ladder: the office that has it, the street's centre, those above."""
    ladder = ladder_of(session, finding, at_once=at_once)
    if not ladder:
        return None
    return CallDraft(
        topic=TOPIC,
        ref=ref,
        area_path=finding.area_path,
        opener_path=finding.area_path,
        opener_name=PROGRAM.name,
        ladder=ladder,
        text_zh=said[0][:TEXT_LENGTH],
        text_en=said[1][:TEXT_LENGTH],
        page=f"/findings/{finding.id}",
        urgency=urgency,
        synthetic=finding.synthetic,
    )


def ladder_of(session: Session, finding: Finding, *, at_once: bool) -> tuple[Step, ...]:
    """Give who is called, in which order."""
    with as_program(session):
        unit = finding.unit_id
        staff = people.staff(session, [unit])[unit] if unit else []
        first = [callees.callee(member) for member in staff[:1]]
        staffed = callees.centres(session, [finding.area_path])
    return callees.ladder(first, staffed, finding.area_path, at_once=at_once)
