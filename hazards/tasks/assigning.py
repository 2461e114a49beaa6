"""Verbs of the desk: give tasks to somebody, and take that back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require
from gis.errors import Missing, Rejected
from gis.store import audit, notify
from gis.store.base import new_id
from hazards.tasks.making import TOPIC
from hazards.tasks.models import Task, TaskAssignment
from hazards.tasks.rules import OWED


@dataclass(frozen=True, slots=True)
class Carrier:
    """Who shall have tasks; without an account they are the street's people's again."""

    account_id: UUID | None = None
    name: str = ""


def assign(
    session: Session, *, task_ids: Collection[UUID], to: Carrier, by: Actor
) -> TaskAssignment:
    """Give what is still owed of these tasks to somebody."""
    query = select(Task).where(Task.id.in_(task_ids), Task.state.in_(OWED)).order_by(Task.id)
    found = session.scalars(query.with_for_update()).all()
    if not found:
        raise Rejected("None of these lists is open any more. Reload the page and choose again.")
    for task in found:
        require(by, Act.ASSIGN_TASK, task.area_path)
    made = TaskAssignment(
        id=new_id(),
        area_path=by.area_path,
        account_id=to.account_id,
        person=to.name,
        moved=[_was(task) for task in found],
        by_id=by.id,
        by_name=by.name,
    )
    session.add(made)
    for task in found:
        task.account_id, task.person, task.person_phone = to.account_id, to.name, ""
    _tell(session, made, "assigned", {task.area_path for task in found})
    return made


def undo(session: Session, *, assignment_id: UUID, by: Actor, now: datetime) -> int:
    """Give back what is still open and still with whom it was given to; twice is once."""
    made = session.get(TaskAssignment, assignment_id, with_for_update=True)
    if made is None:
        raise Missing("There is no such assignment in your area.")
    require(by, Act.ASSIGN_TASK, made.area_path)
    if made.undone_at is not None:
        return 0
    before = {UUID(each["task"]): each for each in made.moved}
    query = select(Task).where(
        Task.id.in_(before),
        Task.state.in_(OWED),
        Task.account_id.is_not_distinct_from(made.account_id),
    )
    back = session.scalars(query.order_by(Task.id).with_for_update()).all()
    for task in back:
        was = before[task.id]
        task.account_id = UUID(was["account"]) if was["account"] else None
        task.person, task.person_phone = was["person"], was.get("phone", "")
    made.undone_at = now
    _tell(session, made, "unassigned", {task.area_path for task in back})
    return len(back)


def _was(task: Task) -> dict[str, object]:
    account = str(task.account_id) if task.account_id else None
    return {
        "task": str(task.id),
        "account": account,
        "person": task.person,
        "phone": task.person_phone,
    }


def _tell(session: Session, made: TaskAssignment, act: str, areas: Collection[str]) -> None:
    audit.record(
        session,
        act=f"tasks.{act}",
        subject=made.id,
        area_path=made.area_path,
        person=made.person,
        count=len(made.moved),
    )
    also = tuple(sorted(areas))
    notify.announce(
        session, topic=TOPIC, kind=act, ref=made.id, area_path=made.area_path, also=also
    )
