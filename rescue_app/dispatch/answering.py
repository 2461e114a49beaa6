"""A person answers where he was called, and the order he was called about hears it too."""

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from gis.authority import Actor
from hazards.calls import service as calls
from hazards.calls.drafts import AnswerDraft
from hazards.calls.models import Call
from hazards.calls.rules import EventKind
from rescue_app.dispatch import repository, telling
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
    asked = calls.visible(session, call_id)
    about_order = asked.topic == TOPIC and draft.taken_by is None
    # The hop is held before the ladders, as by those who answer on its own page: no deadlock.
    hop = repository.locked(session, asked.ref) if about_order else None
    call = calls.answer(session, call_id=call_id, draft=draft, by=by, now=now, person_id=person_id)
    kind = StepKind.ACCEPTED if draft.says is EventKind.YES else StepKind.CANNOT
    waits = {StepKind.ACCEPTED: (*UNANSWERED, StepKind.CANNOT), StepKind.CANNOT: UNANSWERED}[kind]
    if hop is not None and hop.state in waits and telling.holds(session, by, hop):
        note = draft.why if kind is StepKind.CANNOT else draft.next_step
        step = StepDraft(uuid5(draft.id, "hop"), kind, note, draft.done_at)
        telling.tell(session, hop_id=hop.id, step=step, by=by, now=now)
    return call
