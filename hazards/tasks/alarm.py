"""Tasks that ring: a grave answer calls at once, an overdue list climbs until it is done."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gis.authority import Actor, Role
from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import NO_ONE, SYSTEM
from hazards.calls import service as calls
from hazards.calls.drafts import TEXT_LENGTH, CallDraft, Callee, Step
from hazards.calls.program import as_program
from hazards.calls.rules import Urgency
from hazards.checklists.rules import Judged, Mode
from hazards.tasks import callees, repository
from hazards.tasks.making import TOPIC
from hazards.tasks.models import Task, TaskAnswer
from hazards.tasks.rules import OWED, ZONE, State

GRAVE = 2
"""Answers of this grade and worse call at once."""
BATCH = 5_000
OVERDUE = UUID("3f0f0c52-7a4e-4d1b-9a77-6f2f0d3b5a10")
URGENCY = {Mode.PEACE: Urgency.ROUTINE, Mode.URGENT: Urgency.URGENT, Mode.WAR: Urgency.FLASH}
PROGRAM = Actor(NO_ONE, "系统 · system", Role.SYSTEM, "/")

Holder = tuple[UUID | None, str, str]
"""Whose a task is: an account, or the people of a role in an area."""


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
        point = repository.point_of(session, task)
        owner = callees.owner_of(session, point)
        staffed = callees.centres(session, [task.area_path])
        ladder = callees.ladder([owner] if owner else [], staffed, task.area_path, at_once=True)
    if not ladder:
        return
    draft = CallDraft(
        topic=TOPIC,
        ref=made.id,
        area_path=task.area_path,
        opener_path=task.area_path,
        opener_name=by.name,
        ladder=ladder,
        text_zh=f"{point.name}:{worst.text_zh}(现场 {by.name})"[:TEXT_LENGTH],
        text_en=f"{point.name}: {worst.text_en} (on site: {by.name})"[:TEXT_LENGTH],
        page=f"/tasks/{task.id}",
        urgency=Urgency.FLASH if made.stop else Urgency.URGENT,
        synthetic=task.synthetic,
    )
    calls.open_call(session, draft, now=now)


def settle(session: Session, done: Sequence[Task], *, by: Actor, now: datetime) -> None:
    """End the matters of which nothing is left to do."""
    refs = {task.call_ref for task in done if task.call_ref}
    over = [ref for ref in refs if not repository.still_owed(session, ref)]
    if over:
        why = "全部完成 · all done"
        calls.cancel(session, topic=TOPIC, refs=over, why=why, by=by, now=now)


def call_overdue(sessions: Sessions, *, now: datetime) -> int:
    """Call about what is overdue and nobody was called about; give how many matters that is."""
    matters = 0
    while True:
        with unit_of_work(sessions, SYSTEM) as session:
            late = _uncalled(session, now)
            matters += _open(session, late, now)
        if len(late) < BATCH:
            return matters


def end_cancelled(sessions: Sessions, *, now: datetime) -> None:
    """Stop ringing about lists that a switch of the mode or the ledger took away."""
    with unit_of_work(sessions, SYSTEM) as session:
        query = select(Task).where(Task.state == State.CANCELLED, Task.call_ref.is_not(None))
        gone = session.scalars(query.limit(BATCH)).all()
        settle(session, gone, by=PROGRAM, now=now)
        for task in gone:
            task.call_ref = None


def _uncalled(session: Session, now: datetime) -> Sequence[Task]:
    query = (
        select(Task)
        .where(Task.state.in_(OWED), Task.call_ref.is_(None), Task.due_at < now)
        .order_by(Task.due_at, Task.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    return session.scalars(query).all()


def _open(session: Session, late: Sequence[Task], now: datetime) -> int:
    held: dict[Holder, list[Task]] = defaultdict(list)
    for task in late:
        area = "" if task.account_id else task.area_path
        held[task.account_id, area, "" if task.account_id else task.role].append(task)
    staffed = callees.centres(session, {task.area_path for task in late})
    known = callees.members(session, {task.account_id for task in late if task.account_id})
    drafts = []
    for holder, theirs in held.items():
        ref = _ref(holder, now)
        ids = [task.id for task in theirs]
        session.execute(update(Task).where(Task.id.in_(ids)).values(call_ref=ref))
        first = _person(theirs[0], known)
        ladder = callees.ladder([first] if first else [], staffed, theirs[0].area_path)
        if ladder:
            drafts.append(_draft(ref, theirs, ladder))
    calls.open_many(session, drafts, now=now)
    return len(held)


def _ref(holder: Holder, now: datetime) -> UUID:
    """One matter per person and day, however many lists."""
    return uuid5(OVERDUE, f"{holder} {now.astimezone(ZONE):%Y-%m-%d}")


def _person(task: Task, known: dict[UUID, Callee]) -> Callee | None:
    if task.account_id is None:
        return None
    there = Callee(task.person, task.area_path, account_id=task.account_id)
    return known.get(task.account_id, there)


def _draft(ref: UUID, theirs: Sequence[Task], ladder: tuple[Step, ...]) -> CallDraft:
    count, mode = len(theirs), max((Mode(t.mode) for t in theirs), key=tuple(Mode).index)
    whose = theirs[0].person
    return CallDraft(
        topic=TOPIC,
        ref=ref,
        area_path=theirs[0].area_path,
        opener_path=theirs[0].area_path,
        opener_name=PROGRAM.name,
        ladder=ladder,
        text_zh=f"{count} 项清单超期未做" + (f"({whose})" if whose else ""),
        text_en=f"{count} lists are overdue" + (f" ({whose})" if whose else ""),
        page="/round" if theirs[0].account_id else "/tasks?state=overdue",
        urgency=URGENCY[mode],
        synthetic=all(task.synthetic for task in theirs),
    )
