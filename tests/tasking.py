"""Points with lists that fall due, in the small city of tests/world.py."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from shapely import Point
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.authority import Actor, Role
from gis.store.base import new_id
from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import NO_ONE, SYSTEM, Scope
from hazards.checklists import loader
from hazards.points import types
from hazards.points.models import HazardPoint
from hazards.tasks import making, switching
from hazards.tasks.models import Task
from rescue_app.settings import PROJECT
from tests.world import GAOSUNTANG, IN_GAOSUNTANG, IN_SHUANGJIANG, IN_TAIBAI, SHUANGJIANG, TAIBAI

PLACES = {GAOSUNTANG: IN_GAOSUNTANG, TAIBAI: IN_TAIBAI, SHUANGJIANG: IN_SHUANGJIANG}


def load_lists(sessions: Sessions) -> None:
    """Load the hazard types and the lists that we ship."""
    with unit_of_work(sessions, SYSTEM) as session:
        types.load(session, PROJECT / "data/hazard_types.yaml")
        loader.load(session, PROJECT / "data/checklists")


def point(area_path: str, now: datetime, number: int = 1, **more: Any) -> HazardPoint:
    """Give an approved landslide that people watch."""
    there = PLACES[area_path]
    facts = {
        "id": new_id(),
        "category": "hidden_danger",
        "evidence": "historical",
        "hazard_type": "landslide",
        "grade": "III",
        "grade_origin": "computed",
        "number": f"{area_path}{number}",
        "source": "test",
        "name": f"大石坡{number}号",
        "address": "新城路8号",
        "threatened_persons": 120,
        "owner_name": "周敏",
        "owner_phone": "",
        "owner_unit": "",
        "place": Point(there.x + number / 1000, there.y),
        "area_path": area_path,
        "state": "approved",
        "synthetic": False,
        "version": 1,
        "changed_at": now,
        "changed_by": NO_ONE,
        "changed_by_name": "test",
    }
    return HazardPoint(**(facts | more))


def put_points(sessions: Sessions, points: Sequence[HazardPoint]) -> None:
    with unit_of_work(sessions, SYSTEM) as session:
        session.add_all(points)


def generate(sessions: Sessions, now: datetime) -> int:
    return making.generate(sessions, now=now)


def tasks(sessions: Sessions, scope: Scope = SYSTEM, **wanted: Any) -> list[Task]:
    """Give tasks by the values of their columns, in a steady order."""
    with unit_of_work(sessions, scope) as session:
        query = select(Task).filter_by(**wanted)
        return list(session.scalars(query.order_by(Task.area_path, Task.template_code, Task.id)))


def codes(found: Sequence[Task]) -> list[str]:
    return sorted({task.template_code for task in found})


def commander(area_path: str, role: Role = Role.DISTRICT_COMMANDER) -> Actor:
    return Actor(new_id(), "万主任", role, area_path)


def switch(sessions: Sessions, area_path: str, mode: str, now: datetime) -> switching.Turned:
    """Switch as the city's commander."""
    by = commander("/500000/", Role.CITY_COMMANDER)
    with unit_of_work(sessions, Scope.of(by)) as session:
        return turn(session, area_path, mode, by, now)


def turn(session: Session, area_path: str, mode: str, by: Actor, now: datetime) -> switching.Turned:
    """Switch inside a transaction that goes on."""
    wanted = switching.Mode(mode)
    return switching.switch(
        session, area_path=area_path, mode=wanted, reason="暴雨橙色预警", by=by, now=now
    )
