"""Lists that are overdue ring until they are done: one matter for whoever carries them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from gis.areas.rules import common_path, street_of
from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import PROGRAM, SYSTEM
from hazards.calls import repository as called
from hazards.calls import service as calls
from hazards.calls.drafts import CallDraft, Step
from hazards.calls.rules import Urgency
from hazards.checklists.rules import Mode
from hazards.duty.owners import Owners
from hazards.duty.responsibility import Owner
from hazards.tasks import callees, repository
from hazards.tasks.alarm import settle
from hazards.tasks.making import TOPIC
from hazards.tasks.models import Task
from hazards.tasks.repository import OfKind

BATCH = 5_000
OVERDUE = UUID("3f0f0c52-7a4e-4d1b-9a77-6f2f0d3b5a10")
CANCELLED = "清单已取消 · lists cancelled"
URGENCY = {Mode.PEACE: Urgency.ROUTINE, Mode.URGENT: Urgency.URGENT, Mode.WAR: Urgency.FLASH}

Holder = tuple[UUID | None, str, str, str]
"""Whose a task is (an account, a name, or the people of a role in an area), by which line."""


def call_overdue(sessions: Sessions, *, now: datetime) -> int:
    """Call about what is overdue and nobody was called about; give how many matters that is."""
    matters = 0
    while True:
        with unit_of_work(sessions, SYSTEM) as session:
            late = repository.uncalled(session, now, limit=BATCH)
            matters += _open(session, late, now)
        if len(late) < BATCH:
            return matters


def end_cancelled(sessions: Sessions, *, now: datetime) -> None:
    """Stop ringing about lists that a switch of the mode or the ledger took away."""
    with unit_of_work(sessions, SYSTEM) as session:
        gone = repository.cancelled_in_call(session, limit=BATCH)
        settle(session, gone, by=PROGRAM, now=now, why=CANCELLED)
        for task in gone:
            task.call_ref = None


def _open(session: Session, late: Sequence[OfKind], now: datetime) -> int:
    held = _by_holder(late, Owners(session, day_of(now)))
    staffed = callees.centres(session, {task.area_path for task, *_ in late})
    known = callees.carriers(session, [task for task, *_ in late])
    refs, drafts = _refs(session, held, now), []
    noted = {task.id: refs[holder] for holder, (_, theirs) in held.items() for task in theirs}
    repository.note_calls(session, noted)
    for holder, (owner, theirs) in held.items():
        ref = refs[holder]
        paths = sorted(task.area_path for task in theirs)
        area_path = common_path(paths[0], paths[-1])
        ladder = callees.climb(known.of(theirs[0]), owner, staffed, area_path)
        if ladder:
            drafts.append(_draft(ref, theirs, ladder, area_path))
    calls.open_many(session, drafts, now=now)
    return len(held)


def _by_holder(late: Sequence[OfKind], owners: Owners) -> dict[Holder, tuple[Owner, list[Task]]]:
    held: dict[Holder, tuple[Owner, list[Task]]] = {}
    for task, hazard_type, category in late:
        path = task.area_path
        owner = owners.of_point(hazard_type=hazard_type, category=category, area_path=path)
        holder = *_whose(task, owner), str(owner.line.id) if owner.line else ""
        held.setdefault(holder, (owner, []))[1].append(task)
    return held


def _whose(task: Task, owner: Owner) -> tuple[UUID | None, str, str]:
    """Who carries it; who cannot sign in is known by his name, phone and whom that calls first."""
    if task.account_id:
        return task.account_id, "", ""
    if task.person:
        first = owner.acting
        whose = f"{task.person} {task.person_phone}"
        return None, whose, f"{first.name} {first.phone}" if first else task.area_path
    return None, task.area_path, task.role


def _refs(session: Session, holders: Iterable[Holder], now: datetime) -> dict[Holder, UUID]:
    """Give the matter of each holder: the day's, while it rings; once that is over, another."""
    refs, again = {holder: _ref(holder, now) for holder in holders}, 1
    while over := _over(session, refs):
        again += 1
        refs |= {holder: _ref(holder, now, str(again)) for holder in over}
    return refs


def _over(session: Session, refs: dict[Holder, UUID]) -> list[Holder]:
    known = called.by_refs(session, TOPIC, refs.values())
    return [holder for holder, ref in refs.items() if ref in known and known[ref].over_at]


def _ref(holder: Holder, now: datetime, again: str = "") -> UUID:
    """One matter per person, owner and day, however many lists."""
    return uuid5(OVERDUE, f"{holder} {day_of(now)}{again and ' ' + again}")


def _draft(
    ref: UUID, theirs: Sequence[Task], ladder: tuple[Step, ...], area_path: str
) -> CallDraft:
    many, mode = len(theirs), max((Mode(t.mode) for t in theirs), key=tuple(Mode).index)
    whose = theirs[0].person
    return CallDraft(
        topic=TOPIC,
        ref=ref,
        area_path=area_path,
        opener_path=area_path,
        opener_name=PROGRAM.name,
        ladder=ladder,
        text_zh=f"{many} 项清单超期未做" + (f"({whose})" if whose else ""),
        text_en=("1 list is overdue" if many == 1 else f"{many} lists are overdue")
        + (f" ({whose})" if whose else ""),
        page="/round" if theirs[0].account_id else "/tasks?state=overdue",
        urgency=URGENCY[mode],
        synthetic=all(task.synthetic for task in theirs),
        bundle=uuid5(OVERDUE, street_of(area_path)),
    )
