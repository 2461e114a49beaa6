"""Lessons: said by whoever reviews, owned by a unit, due on a day, and rung about until done.

A lesson is no list at a point, so it is not a task of `hazards.tasks`: it goes up the same ladder
of calls as everything else that is owed. Its owner is called when he gets it and once it is late.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import COMMANDERS, Act, Actor, require, within
from gis.errors import Conflict, Forbidden, Missing, Rejected
from gis.store import audit
from gis.store.notify import announce
from hazards.duty import repository as duty
from hazards.duty.models import Unit
from hazards.duty.rules import UnitKind
from rescue_app.incidents import service as incidents
from rescue_app.review import repository, ringing
from rescue_app.review.models import Lesson

WORDS_LENGTH = 500
OWNERS = (UnitKind.CENTRE, UnitKind.DEPARTMENT)


@dataclass(frozen=True, slots=True)
class LessonDraft:
    """A lesson as the form sends it; its id is made with the form."""

    id: UUID
    words: str
    owner_id: UUID
    due_at: datetime


def add(
    session: Session, *, incident_id: UUID, draft: LessonDraft, by: Actor, now: datetime
) -> Lesson:
    """Keep a lesson and call whose it is; the same id again is the same lesson."""
    incident = incidents.visible(session, incident_id)
    require(by, Act.OPEN_INCIDENT, incident.area_path)
    known = repository.lesson(session, draft.id)
    if known is not None:
        return _same(known, incident_id, draft)
    owner = _owner(session, draft.owner_id, by)
    lesson = Lesson(
        id=draft.id,
        incident_id=incident.id,
        area_path=incident.area_path,
        owner_path=owner.area_path,
        owner_id=owner.id,
        owner_name=owner.name,
        owner_name_en=owner.name_en,
        words=_checked(draft, now),
        due_at=draft.due_at,
        by_id=by.id,
        by_name=by.name,
        made_at=now,
        is_drill=incident.is_drill,
        synthetic=incident.synthetic,
    )
    session.add(lesson)
    ringing.ring(session, lesson, owner, late=False, by_name=by.name, now=now)
    lesson.call_at = lesson.due_at
    _tell(session, lesson, "given")
    return lesson


def _same(known: Lesson, incident_id: UUID, draft: LessonDraft) -> Lesson:
    same = (known.incident_id, known.words, known.owner_id, known.due_at)
    if same != (incident_id, draft.words.strip(), draft.owner_id, draft.due_at):
        raise Conflict("This lesson is written down already. Reload the page.")
    return known


def _checked(draft: LessonDraft, now: datetime) -> str:
    words = draft.words.strip()
    if not words:
        raise Rejected("Write down what is to be better next time.")
    if len(words) > WORDS_LENGTH:
        raise Rejected("A lesson has at most {most} letters.", most=WORDS_LENGTH)
    if draft.due_at <= now:
        raise Rejected("The day by which it is done has to lie ahead.")
    return words


def _owner(session: Session, unit_id: UUID, by: Actor) -> Unit:
    unit = duty.units_by_id(session, [unit_id]).get(unit_id)
    if unit is None or not within(unit.area_path, by.area_path) or unit.kind not in OWNERS:
        raise Missing("There is no such centre or department in your area. Choose another one.")
    return unit


def done(session: Session, *, lesson_id: UUID, how: str, by: Actor, now: datetime) -> Lesson:
    """Tick a lesson off, saying how; who owns it and who gave it may."""
    lesson = _changeable(session, lesson_id, by)
    if lesson.done_at is not None:
        return lesson
    how = how.strip()[:WORDS_LENGTH]
    if not how:
        raise Rejected("Say in a few words what was done.")
    ringing.silence(session, lesson, by=by, now=now)
    lesson.done_at, lesson.done_by_name, lesson.done_how = now, by.name, how
    lesson.call_at = None
    _tell(session, lesson, "done")
    return lesson


def again(session: Session, *, lesson_id: UUID, by: Actor, now: datetime) -> Lesson:
    """Take a tick back; it is owed again."""
    lesson = _changeable(session, lesson_id, by)
    if lesson.done_at is not None:
        lesson.done_at = lesson.done_by_name = lesson.done_how = None
        lesson.call_at = max(lesson.due_at, now)
        _tell(session, lesson, "again")
    return lesson


def may_tick(by: Actor, lesson: Lesson) -> bool:
    """Tell who may say that it is done: commanders of whoever owns it, or gave it."""
    commands = by.role in COMMANDERS
    here = within(lesson.owner_path, by.area_path) or within(lesson.area_path, by.area_path)
    return commands and here


def _changeable(session: Session, lesson_id: UUID, by: Actor) -> Lesson:
    lesson = repository.held_lesson(session, lesson_id)
    if lesson is None:
        raise Missing("There is no such lesson in your area.")
    if not may_tick(by, lesson):
        raise Forbidden("Your role does not allow this here. Ask the duty officer of your centre.")
    return lesson


def _tell(session: Session, lesson: Lesson, kind: str) -> None:
    session.flush()  # the log speaks of a row that is there
    audit.record(session, act=f"lesson.{kind}", subject=lesson.id, area_path=lesson.area_path)
    announce(
        session, topic=ringing.TOPIC, kind=kind, ref=lesson.id, area_path=lesson.area_path,
        also=(lesson.owner_path,),
    )  # fmt: skip
