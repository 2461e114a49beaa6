"""A person answers where he was called, and the order he was called about hears it too."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.store.scope import Scope, enter
from hazards.calls import service as calls
from hazards.calls.drafts import AnswerDraft
from hazards.calls.models import Call
from hazards.calls.rules import EventKind
from rescue_app.dispatch import changes_repository, repository, telling
from rescue_app.dispatch.calling import TOPIC
from rescue_app.dispatch.drafts import StepDraft
from rescue_app.dispatch.members import answering as members
from rescue_app.dispatch.members import calling as parts
from rescue_app.dispatch.models import Assignment, ChangeNotice
from rescue_app.dispatch.rules import CHANGE_TOPIC, UNANSWERED, How, StepKind
from rescue_app.dispatch.speaker import speaker

OF_HOPS = frozenset({TOPIC, CHANGE_TOPIC})
ABOUT_ORDERS = OF_HOPS | {parts.TOPIC, parts.CHANGE_TOPIC}
"""Matters whose own log hears the answer of a call."""


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
    notice = _notice(session, asked)
    hop = _hold(session, asked, notice)
    part = members.hold(session, asked.topic, asked.ref)
    call = calls.answer(session, call_id=call_id, draft=draft, by=by, now=now, person_id=person_id)
    if part is not None:
        about, whose = (asked.topic, asked.ref), person_id or by.id
        members.answered(session, part, about=about, draft=draft, person_id=whose, by=by, now=now)
    kind = _said(draft, hop, notice)
    if hop is not None and kind is not None:
        note = draft.next_step if draft.says is EventKind.YES else draft.why
        told = uuid5(draft.id, "hop"), kind, note, draft.done_at
        step = StepDraft(*told, notice_id=notice.id if notice else None, via=draft.channel)
        if draft.taken_by is not None:
            step = replace(step, how=How(draft.taken_by), entered_by=by.name)
        spoke = speaker(session, asked.id, person_id or by.id)
        if spoke and (spoke.phone is not None or telling.holds(session, spoke.who, hop)):
            telling.tell(
                session, hop_id=hop.id, step=step, by=spoke.who, now=now, phone=spoke.phone
            )
        enter(session, Scope.of(by))  # the line was written with the eyes of who spoke
    return call


def in_turn(asked: Iterable[Call]) -> list[Call]:
    """Lay calls in the order in which they are answered together: hops before parts of members.

    Whoever takes a part back holds its hop first: no deadlock.
    """
    return sorted(asked, key=lambda call: (call.topic not in OF_HOPS, call.ref))


def _hold(session: Session, asked: Call, notice: ChangeNotice | None) -> Assignment | None:
    """Hold the hop before the ladders, as those do who answer on its own page: no deadlock."""
    hop_id = notice.assignment_id if notice else asked.ref
    return repository.locked(session, hop_id) if asked.topic in OF_HOPS else None


def _notice(session: Session, asked: Call) -> ChangeNotice | None:
    found = [asked.ref] if asked.topic == CHANGE_TOPIC else []
    return changes_repository.notices(session, found).get(asked.ref)


def _said(
    draft: AnswerDraft, hop: Assignment | None, notice: ChangeNotice | None
) -> StepKind | None:
    """Give what an answer says about the hop, or nothing where the hop knows it already."""
    yes = draft.says is EventKind.YES
    if hop is None:
        return None
    if notice is not None:
        return StepKind.CHANGE_TAKEN if yes else StepKind.CANNOT
    if yes:
        return StepKind.ACCEPTED if hop.state in (*UNANSWERED, StepKind.CANNOT) else None
    if hop.state == StepKind.CANNOT and hop.offer_id is None and draft.why != hop.answer_note:
        return StepKind.CANNOT  # the reason that was asked for came after the digit
    return StepKind.CANNOT if hop.state in UNANSWERED else None
