"""Tasks that ring: a grave answer calls at once, an overdue list climbs until it is done."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from gis.authority import Actor
from hazards.calls import reading
from hazards.calls import service as calls
from hazards.calls.drafts import TEXT_LENGTH, CallDraft
from hazards.calls.program import as_program
from hazards.calls.reading import Line
from hazards.calls.rules import Urgency
from hazards.checklists.rules import Judged
from hazards.duty import service as duty
from hazards.duty.responsibility import Owner
from hazards.tasks import callees, repository
from hazards.tasks.making import TOPIC
from hazards.tasks.models import Task, TaskAnswer
from hazards.tasks.rules import OWED
from hazards.tasks.subjects import Subject

ALL_DONE = "全部完成 · all done"
GRAVE = 2
"""Answers of this grade and worse call at once."""


def is_grave(grade: int | None) -> bool:
    """Tell what must not wait for the desk."""
    return grade is not None and grade <= GRAVE


def call_owner(
    session: Session,
    task: Task,
    made: TaskAnswer,
    judged: Sequence[Judged],
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Call who looks after the point and the street's centre, together."""
    worst = next(one.item for one in judged if one.bad and one.item.grade == made.worst_grade)
    with as_program(session):
        point = repository.subject_of(session, task)
        owner = callees.owner_of(session, point)
        first = [owner] if owner else callees.acting(listed(session, point, now), task.area_path)
        staffed = callees.centres(session, [task.area_path])
        ladder = callees.ladder(first, staffed, task.area_path, at_once=True)
    if not ladder:
        return
    draft = CallDraft(
        topic=TOPIC,
        ref=made.id,
        area_path=task.area_path,
        opener_path=task.area_path,
        opener_name=by.name,
        ladder=ladder,
        text_zh=f"{point.name}：{worst.text_zh}（现场 {by.name}）"[:TEXT_LENGTH],
        text_en=f"{point.name}: {worst.text_en} (on site: {by.name})"[:TEXT_LENGTH],
        page=f"/tasks/{task.id}",
        urgency=Urgency.FLASH if made.stop else Urgency.URGENT,
        synthetic=task.synthetic,
    )
    calls.open_call(session, draft, now=now)


def settle(
    session: Session, done: Sequence[Task], *, by: Actor, now: datetime, why: str = ALL_DONE
) -> None:
    """End the matters of which nothing is left to do."""
    refs = {task.call_ref for task in done if task.call_ref}
    over = [ref for ref in refs if not repository.still_owed(session, ref)]
    if over:
        calls.cancel(session, topic=TOPIC, refs=over, why=why, by=by, now=now)


def ringing(session: Session, task: Task) -> Sequence[Line]:
    """Give the ladders that ring about a list that is owed, as far as the asker may see them."""
    if task.call_ref is None or task.state not in OWED:
        return []
    return reading.lines_of(session, [task.call_ref], topic=TOPIC).get(task.call_ref, [])


def listed(session: Session, point: Subject, now: datetime) -> Owner:
    """Give who owns a point by the responsibility list."""
    return duty.owner_of_point(
        session,
        hazard_type=point.hazard_type,
        category=point.category,
        area_path=point.area_path,
        on=day_of(now),
    )
