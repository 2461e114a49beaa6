"""One answer, heard by all that it is about: the call, the order, the hand-over of a duty."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.store.scope import SYSTEM, enter
from hazards.calls import hearing, own, repository
from hazards.calls.drafts import AnswerDraft, checked_answer
from hazards.calls.hearing import Word
from hazards.calls.models import Call
from hazards.calls.program import as_program
from hazards.duty import turns
from rescue_app.dispatch import answering
from rescue_app.dispatch.speaker import OWN
from rescue_app.site import service as site
from rescue_app.site.calling import SUPPORT

HEARD_ELSEWHERE = frozenset({*answering.ABOUT_ORDERS, turns.TOPIC, SUPPORT})
"""Matters whose own log hears an answer too, one by one; all others are written together."""


def answer(
    session: Session,
    *,
    call_id: UUID,
    draft: AnswerDraft,
    by: Actor,
    now: datetime,
    person_id: UUID | None = None,
) -> Call:
    """Answer a call, wherever the answer came from."""
    call = answering.answer(
        session, call_id=call_id, draft=draft, by=by, now=now, person_id=person_id
    )
    if call.topic == turns.TOPIC:
        who, why = person_id or by.id, draft.why
        turns.heard(session, ref=call.ref, person_id=who, says=draft.says, why=why, now=now)
    if call.topic == SUPPORT:
        site.answered(session, call.ref)
    return call


def answer_together(
    session: Session, *, rungs: Collection[UUID], draft: AnswerDraft, by: Actor, now: datetime
) -> int:
    """Answer with one tap the matters of these rungs, each by a line of its own; give how many.

    Only what the person was called about and still owes: what he said before stays said.
    """
    checked_answer(draft)
    asked = own.asked(session, by.id, rungs)
    said = {
        call_id: replace(draft, rungs=[r.id for r in theirs], id=uuid5(draft.id, str(call_id)))
        for call_id, theirs in asked.items()
    }
    above = {call_id for call_id, theirs in asked.items() if not {r.kind for r in theirs} & OWN}
    with as_program(session):
        answer_all(session, said, by=by, now=now, signs_in=True, above=above)
    return len(said)


def answer_all(
    session: Session,
    said: Mapping[UUID, AnswerDraft],
    *,
    by: Actor,
    now: datetime,
    signs_in: bool,
    above: Collection[UUID] = (),
) -> None:
    """Answer the matters of one message, a storm of them at once; in the SYSTEM scope.

    Who has no account writes nothing through his own eyes: the program writes for him. Of an order
    nobody hears who was called as a superior (`above`): his word is for the call alone.
    """
    calls = repository.calls_by_id(session, set(said))
    together: dict[str, list[Word]] = defaultdict(list)
    for call in answering.in_turn(calls[call_id] for call_id in said):
        draft = said[call.id]
        for_call = call.id in above and call.topic in answering.ABOUT_ORDERS
        if signs_in and (for_call or call.topic not in HEARD_ELSEWHERE):
            together[call.topic].append(Word(call.ref, draft.says, by, now, draft))
            continue
        answer(session, call_id=call.id, draft=draft, by=by, now=now)
        enter(session, SYSTEM)  # the order that the call was about was told with his eyes
    for topic, words in together.items():
        hearing.hear(session, topic=topic, words=words)
