"""Lessons that ring: at their owner when he gets one, and each day once it is late."""

from datetime import datetime, timedelta
from uuid import uuid5

from sqlalchemy.orm import Session

from gis.authority import Actor, within
from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import PROGRAM, SYSTEM
from hazards.calls import service as calls
from hazards.calls.drafts import TEXT_LENGTH, CallDraft, Step
from hazards.calls.program import as_program
from hazards.calls.rules import RungKind, Urgency
from hazards.duty import repository as duty
from hazards.duty.models import Unit
from hazards.duty.responsibility import above
from rescue_app.dispatch import callees
from rescue_app.dispatch.drafts import Holder
from rescue_app.dispatch.rules import HopKind
from rescue_app.review import repository
from rescue_app.review.models import Lesson

TOPIC = "lesson"
BATCH = 100
AGAIN = timedelta(days=1)


def call_late(sessions: Sessions, *, now: datetime) -> int:
    """Call about lessons that are late, once a day each; give how many."""
    with unit_of_work(sessions, SYSTEM) as session:
        late = repository.claim_late(session, now=now, limit=BATCH)
        units = duty.units_by_id(session, {lesson.owner_id for lesson in late})
        for lesson in late:
            silence(session, lesson, by=PROGRAM, now=now)
            if lesson.owner_id in units:
                owner = units[lesson.owner_id]
                ring(session, lesson, owner, late=True, by_name=PROGRAM.name, now=now)
            lesson.call_at = now + AGAIN
    return len(late)


def ring(
    session: Session, lesson: Lesson, owner: Unit, *, late: bool, by_name: str, now: datetime
) -> None:
    """Call the owner's leader, his deputy, and on a late one who stands above."""
    opener = _opener(lesson, owner)
    with as_program(session):
        holder = _holder(owner)
        roster = callees.read(session, [holder], giver_path=opener)
    ladder = callees.ladder(roster, holder, giver_path=opener)
    if not late:
        ladder = tuple(step for step in ladder if step.kind is not RungKind.SUPERIOR)
    if not ladder:
        return
    lesson.call_ref = uuid5(lesson.id, f"{now.isoformat()} {late}")
    calls.open_many(session, [_draft(lesson, ladder, opener, late, by_name)], now=now)


def _opener(lesson: Lesson, owner: Unit) -> str:
    """Whose centre calls: the incident's where the owner lies in it, else the owner's own.

    A centre answers to the one above it: that one calls where it would be its own.
    """
    opener = lesson.area_path if within(owner.area_path, lesson.area_path) else owner.area_path
    is_own = owner.kind == HopKind.CENTRE and opener == owner.area_path
    return above(opener)[:2][-1] if is_own else opener


def _draft(
    lesson: Lesson, ladder: tuple[Step, ...], opener: str, late: bool, by_name: str
) -> CallDraft:
    zh, en = ("整改超期", "Lesson overdue") if late else ("复盘整改", "Lesson to act on")
    return CallDraft(
        topic=TOPIC,
        ref=lesson.call_ref or lesson.id,
        area_path=lesson.owner_path,
        opener_path=opener,
        opener_name=by_name,
        ladder=ladder,
        text_zh=f"{zh}：{lesson.words}"[:TEXT_LENGTH],
        text_en=f"{en}: {lesson.words}"[:TEXT_LENGTH],
        page="/lessons",
        urgency=Urgency.ROUTINE,
        is_drill=lesson.is_drill,
        synthetic=lesson.synthetic,
    )


def silence(session: Session, lesson: Lesson, *, by: Actor, now: datetime) -> None:
    """Stop ringing about a lesson."""
    if lesson.call_ref is not None:
        calls.cancel(session, topic=TOPIC, refs=[lesson.call_ref], why="", by=by, now=now)
        lesson.call_ref = None


def _holder(unit: Unit) -> Holder:
    return Holder(HopKind(unit.kind), unit.id, None, unit.name, unit.name_en, unit.area_path)
