"""A call about a member's part was answered, and the part hears it too."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from gis.authority import Actor
from hazards.calls.drafts import AnswerDraft
from hazards.calls.program import as_program
from hazards.calls.rules import EventKind
from rescue_app.dispatch.drafts import StepDraft
from rescue_app.dispatch.members import calling, repository
from rescue_app.dispatch.members.models import MemberPart
from rescue_app.dispatch.members.telling import keep
from rescue_app.dispatch.rules import UNANSWERED, How, StepKind


def hold(session: Session, topic: str, ref: UUID) -> MemberPart | None:
    """Hold the part that a call is about, before its ladders are: no deadlock."""
    if topic not in (calling.TOPIC, calling.CHANGE_TOPIC):
        return None
    with as_program(session):
        notice = repository.notice(session, ref) if topic == calling.CHANGE_TOPIC else None
        return repository.locked(session, notice.part_id if notice else ref)


def answered(
    session: Session,
    part: MemberPart,
    *,
    about: tuple[str, UUID],
    draft: AnswerDraft,
    person_id: UUID,
    by: Actor,
    now: datetime,
) -> None:
    """A call about a part was answered: if its own member spoke, the part hears it too."""
    if part.person_id != person_id:
        return
    notice_id = about[1] if about[0] == calling.CHANGE_TOPIC else None
    kind = _said(draft, part, notice_id)
    if kind is None:
        return
    note = draft.next_step if draft.says is EventKind.YES else draft.why
    told = uuid5(draft.id, "part"), kind, note, draft.done_at
    step = StepDraft(*told, notice_id=notice_id, via=draft.channel)
    if draft.taken_by is not None:
        step = replace(step, how=How(draft.taken_by), entered_by=by.name)
    keep(session, part, step, by=by, now=now, on_call=True)


def _said(draft: AnswerDraft, part: MemberPart, notice_id: UUID | None) -> StepKind | None:
    """Give what an answer says about the part, or nothing where the part knows it already."""
    yes = draft.says is EventKind.YES
    if notice_id is not None:
        return StepKind.CHANGE_TAKEN if yes else StepKind.CANNOT
    if yes:
        return StepKind.ACCEPTED if part.state in (*UNANSWERED, StepKind.CANNOT) else None
    if part.state == StepKind.CANNOT and draft.why != part.answer_note:
        return StepKind.CANNOT  # the reason that was asked for came after the digit
    return StepKind.CANNOT if part.state in UNANSWERED else None
