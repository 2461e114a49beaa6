"""A person answers where he was called, and the order he was called about hears it too."""

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from gis.authority import Actor
from hazards.calls import service as calls
from hazards.calls.drafts import AnswerDraft
from hazards.calls.models import Call
from hazards.calls.rules import EventKind
from rescue_app.dispatch import repository, service
from rescue_app.dispatch.calling import TOPIC
from rescue_app.dispatch.drafts import StepDraft
from rescue_app.dispatch.rules import UNANSWERED, StepKind


def answer(
    session: Session,
    *,
    call_id: UUID,
    draft: AnswerDraft,
    by: Actor,
    now: datetime,
    person_id: UUID | None = None,
) -> Call:
    """Answer a call; who holds the order it is about has answered that as well, in the same tap."""
    call = calls.answer(session, call_id=call_id, draft=draft, by=by, now=now, person_id=person_id)
    if call.topic != TOPIC or draft.taken_by is not None:
        return call
    hop = repository.locked(session, call.ref)
    kind = StepKind.ACCEPTED if draft.says is EventKind.YES else StepKind.CANNOT
    waits = {StepKind.ACCEPTED: (*UNANSWERED, StepKind.CANNOT), StepKind.CANNOT: UNANSWERED}[kind]
    if hop is not None and hop.state in waits and service.holds(session, by, hop):
        note = draft.why if kind is StepKind.CANNOT else draft.next_step
        step = StepDraft(uuid5(draft.id, "hop"), kind, note, draft.done_at)
        service.tell(session, hop_id=hop.id, step=step, by=by, now=now)
    return call
