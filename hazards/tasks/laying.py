"""What was said at a place is laid beside every list owed there: one answer fills all that ask it.

Of a point it is an answer to one of its lists; of an asset, a visit that its code led to.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.store import notify
from hazards.checklists import repository as checklists
from hazards.checklists.repository import Checklist
from hazards.checklists.rules import Judged
from hazards.checklists.visits import Outcome
from hazards.tasks import alarm, filling, repository
from hazards.tasks.making import TOPIC
from hazards.tasks.models import Task
from hazards.tasks.rules import OWED, State

Lists = Mapping[tuple[str, int], Checklist]


class Made(Protocol):
    """An answer or a visit, as it does a list."""

    id: UUID
    actor_id: UUID
    actor_name: str
    done_at: datetime
    received_at: datetime


def of_visit(
    session: Session,
    made: Made,
    *,
    subject_id: UUID,
    shown: Checklist,
    judged: Sequence[Judged],
    outcome: Outcome,
    worst: int | None,
    by: Actor,
    now: datetime,
) -> Sequence[Task]:
    """Do the lists owed at an asset that a visit answers: the one shown, and all it completes."""
    held = repository.held_of(session, subject_id)
    if not held:
        return ()
    keys = {(one.template_code, one.template_version) for one in held}
    lists = checklists.of_versions(session, keys, area_path=held[0].area_path)
    meant = {
        one.id for one in held
        if one.template_code == shown.code and one.from_at <= made.done_at
    }  # fmt: skip
    said = filling.covered(shown.items, judged, outcome)
    done = beside(held, lists, made, said, meant=meant, worst=worst)
    session.flush()  # what is left of a matter is counted next
    alarm.settle(session, done, by=by, now=now)
    for one in done:
        notify.announce(session, topic=TOPIC, kind="done", ref=one.id, area_path=one.area_path)
    return done


def beside(
    held: Sequence[Task],
    lists: Lists,
    made: Made,
    said: filling.Filled,
    *,
    meant: Collection[UUID],
    worst: int | None,
) -> list[Task]:
    """Do the lists that were meant, and every other that this answer completes."""
    done = []
    for one in held:
        stands = filling.fill(
            lists[one.template_code, one.template_version].items, one.filled, said
        )
        if one.state == State.DONE if one.id in meant else not _asked(one, made):
            continue
        one.filled = stands.filled
        if one.id in meant or stands.complete:
            one.worst_grade = worst if one.id in meant else stands.worst_grade
            done_by(one, made)
            done.append(one)
    return done


def done_by(task: Task, made: Made) -> None:
    """Let an answer be what did a task."""
    task.state, task.cancelled_why, task.cancelled_at = State.DONE, None, None
    task.begun_at = task.begun_at or made.done_at
    task.done_at, task.arrived_at = made.done_at, made.received_at
    task.done_by_id, task.done_by, task.answer_id = made.actor_id, made.actor_name, made.id


def _asked(task: Task, made: Made) -> bool:
    return task.from_at <= made.done_at and task.state in OWED
