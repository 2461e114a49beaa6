"""One answer, heard by all that it is about: the call, the order, the hand-over of a duty."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.store.scope import SYSTEM, enter
from hazards.calls import hearing, repository
from hazards.calls.drafts import AnswerDraft
from hazards.calls.hearing import Word
from hazards.calls.models import Call
from hazards.duty import turns
from rescue_app.dispatch import answering
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


def answer_all(
    session: Session,
    said: Mapping[UUID, AnswerDraft],
    *,
    by: Actor,
    now: datetime,
    signs_in: bool,
) -> None:
    """Answer the matters of one message, a storm of them at once; in the SYSTEM scope.

    Who has no account writes nothing through his own eyes: the program writes for him.
    """
    calls = repository.calls_by_id(session, set(said))
    together: dict[str, list[Word]] = defaultdict(list)
    for call in answering.in_turn(calls[call_id] for call_id in said):
        draft = said[call.id]
        if signs_in and call.topic not in HEARD_ELSEWHERE:
            together[call.topic].append(Word(call.ref, draft.says, by, now, draft))
            continue
        answer(session, call_id=call.id, draft=draft, by=by, now=now)
        enter(session, SYSTEM)  # the order that the call was about was told with his eyes
    for topic, words in together.items():
        hearing.hear(session, topic=topic, words=words)
