"""Reports that ring: a late one calls whose it is and up, a sent one calls who is to read it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import PROGRAM, SYSTEM
from hazards.calls import reading
from hazards.calls import service as calls
from hazards.calls.drafts import TEXT_LENGTH, CallDraft, Callee, Step
from hazards.calls.grouping import LOUDEST_FIRST
from hazards.calls.program import as_program
from hazards.calls.rules import LadderState, RungKind, Urgency
from hazards.duty import people
from hazards.duty.responsibility import above
from hazards.tasks import callees
from rescue_app.auth import repository as accounts
from rescue_app.incidents import clock, repository
from rescue_app.incidents.clock import ReportKind
from rescue_app.incidents.models import Incident, SituationReport

TOPIC = "report"
BATCH = 200
CALLED_AGAIN = "已另行呼叫 · called again"
AGAIN = timedelta(hours=1)
"""Whoever answered that a report will come is asked again when it does not."""
SAID = {
    ReportKind.FIRST: ("首报", "first report"),
    ReportKind.FOLLOW_UP: ("续报", "follow-up report"),
    ReportKind.FINAL: ("终报", "final report"),
}
RINGING = (LadderState.WAITING, LadderState.CLIMBING)
URGENCY = {"I": Urgency.FLASH, "II": Urgency.FLASH, "III": Urgency.URGENT}


def call_late(sessions: Sessions, *, now: datetime) -> int:
    """Call about reports that are late, and again while they do not come; give how many."""
    rang = 0
    while True:
        with unit_of_work(sessions, SYSTEM) as session:
            late = repository.claim_late(session, now=now, limit=BATCH)
            drafts = [draft for one in late if (draft := _late(session, one, now))]
            calls.open_many(session, drafts, now=now)
        rang += len(late)
        if len(late) < BATCH:
            return rang


def settle(session: Session, incident: Incident, *, by: Actor, now: datetime, why: str) -> None:
    """Stop ringing about the report that was late."""
    if incident.report_call_ref is not None:
        calls.cancel(session, topic=TOPIC, refs=[incident.report_call_ref], why=why, by=by, now=now)
        incident.report_call_ref = None


def call_readers(
    session: Session, incident: Incident, report: SituationReport, *, up_to: str, now: datetime
) -> None:
    """Call the centres above the sender: a report is up when somebody there has answered.

    Where the one before is still being called about, its call says the newer one and rings nobody
    anew, unless this one is graver.
    """
    paths = clock.readers(report.from_path, up_to)
    urgency = URGENCY.get(incident.grade or "", Urgency.ROUTINE)
    zh, en = SAID[ReportKind(report.kind)]
    said = (f"{incident.title}：{zh}（{report.by_name}）",
            f"{incident.title}: {en} ({report.by_name})")  # fmt: skip
    with as_program(session):
        open_ones = _still_called(session, report, paths, urgency)
        zh, en = (text[:TEXT_LENGTH] for text in said)
        for path, line in open_ones.items():
            ref = read_ref(report.id, path)
            calls.reword(session, line.call, ref=ref, text_zh=zh, text_en=en, now=now)
        new = [path for path in paths if path not in open_ones]
        ladders = {path: _centre(_staff(session, path)) for path in new}
    drafts = [
        _draft(incident, read_ref(report.id, path), ladder, said,
               opener=report.from_path, name=report.by_name)
        for path, ladder in ladders.items()
        if ladder
    ]  # fmt: skip
    calls.open_many(session, drafts, now=now)


def _still_called(
    session: Session, report: SituationReport, paths: Sequence[str], urgency: Urgency
) -> dict[str, reading.Line]:
    """Give by centre the call about an earlier report that waits there, as loud as this one."""
    found: dict[str, reading.Line] = {}
    for before in repository.reports_before(session, report):
        refs = {read_ref(before, path): path for path in paths}
        for ref, lines in reading.lines_of(session, list(refs), topic=TOPIC).items():
            loudness = LOUDEST_FIRST.index(Urgency(lines[0].call.urgency))
            rings = lines[0].ladder.state in RINGING
            if rings and loudness <= LOUDEST_FIRST.index(urgency):
                found[refs[ref]] = lines[0]
    return found


def read_ref(report_id: UUID, path: str) -> UUID:
    """Name the call of one centre about one report."""
    return uuid5(report_id, path)


def _late(session: Session, incident: Incident, now: datetime) -> CallDraft | None:
    settle(session, incident, by=PROGRAM, now=now, why=CALLED_AGAIN)
    incident.report_call_ref = ref = uuid5(incident.id, f"late {incident.report_call_at}")
    incident.report_call_at = now + AGAIN
    ladder = _upward(session, incident.area_path)
    zh, en = SAID[ReportKind(incident.report_kind or ReportKind.FIRST)]
    said = f"{incident.title}：{zh}超时未报", f"{incident.title}: the {en} is late"
    if not ladder:
        return None
    return _draft(incident, ref, ladder, said, opener=incident.area_path, name=PROGRAM.name)


def _upward(session: Session, area_path: str) -> tuple[Step, ...]:
    """Whose report it is: the leader and the deputy of the nearest centre, then those above."""
    staffed = [staff for path in above(area_path) if (staff := _staff(session, path))]
    higher = [Step(RungKind.SUPERIOR, (staff[0],)) for staff in staffed[1:]]
    return (*_centre(staffed[0]), *higher) if staffed else ()


def _centre(staff: Sequence[Callee]) -> tuple[Step, ...]:
    """People of one centre: the leader, then who stands in for him."""
    return (
        *(Step(RungKind.FIRST, (one,)) for one in staff[:1]),
        *(Step(RungKind.DEPUTY, (one,)) for one in staff[1:3]),
    )


def _staff(session: Session, path: str) -> list[Callee]:
    """People of a centre, the leader first; where none is registered, who commands there."""
    staff = people.centre_staff(session, [path]).get(path, [])
    return [callees.callee(member) for member in staff] or [
        Callee(one.name, one.area_path, "", one.phone or "", account_id=one.id)
        for one in accounts.commanders_at(session, [path]).get(path, [])
    ]


def _draft(
    incident: Incident,
    ref: UUID,
    ladder: Sequence[Step],
    said: tuple[str, str],
    *,
    opener: str,
    name: str,
) -> CallDraft:
    return CallDraft(
        topic=TOPIC,
        ref=ref,
        area_path=incident.area_path,
        opener_path=opener,
        opener_name=name,
        ladder=tuple(ladder),
        text_zh=said[0][:TEXT_LENGTH],
        text_en=said[1][:TEXT_LENGTH],
        page=f"/incidents/{incident.id}",
        urgency=URGENCY.get(incident.grade or "", Urgency.ROUTINE),
        is_drill=incident.is_drill,
        synthetic=incident.synthetic,
    )
