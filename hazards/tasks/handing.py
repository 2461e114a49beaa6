"""Lists of who has left go on: to the people of the role, else to whom the list names now."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from gis.store import audit, notify
from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import SYSTEM
from hazards.duty.owners import Owners
from hazards.tasks import carriers, repository
from hazards.tasks.making import TOPIC, Region
from hazards.tasks.models import Task

BATCH = 5_000


def hand_on(sessions: Sessions, *, now: datetime) -> int:
    """Give what people owe who are not there any more to others; give how many tasks that is."""
    with unit_of_work(sessions, SYSTEM) as session:
        left = repository.of_people_gone(session, day_of(now), limit=BATCH)
        there = {task.area_path for task, *_ in left}
        held = {path: carriers.roles_held(session, path, Region.alone(path).high) for path in there}
        owners, moved = Owners(session, day_of(now)), defaultdict[UUID | None, list[Task]](list)
        for task, hazard_type, category in left:
            moved[task.account_id].append(task)
            task.account_id, task.person, task.person_phone = None, "", ""
            path = task.area_path
            owner = owners.of_point(hazard_type=hazard_type, category=category, area_path=path)
            who = carriers.named(owner)
            if who is not None and not carriers.is_held(held[path], task.role, path):
                task.account_id, task.person = who.account_id, who.name
                task.person_phone = who.phone
        for account_id, tasks in moved.items():
            _tell(session, account_id, tasks)
        return len(left)


def _tell(session: Session, account_id: UUID | None, tasks: list[Task]) -> None:
    area, *others = sorted({task.area_path for task in tasks})
    audit.record(
        session, act="tasks.handed_on", subject=account_id, area_path=area, count=len(tasks)
    )
    notify.announce(
        session, topic=TOPIC, kind="assigned", ref=None, area_path=area, also=tuple(others)
    )
