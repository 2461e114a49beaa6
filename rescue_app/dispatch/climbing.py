"""A level that stays silent is climbed over: the order goes to the next level down without it.

Its own people, their deputies and those above them were called by the ladder before, each with
his time; what is done here is written in the hop's log, and the answers go to who gave the order.
"""

from datetime import datetime
from uuid import uuid5

from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from gis.areas.rules import AreaLevel
from gis.authority import within
from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import PROGRAM, SYSTEM
from hazards.duty import repository as duty
from hazards.duty.rules import UnitKind
from rescue_app.dispatch import climbing_repository, handing, repository, service, targets
from rescue_app.dispatch.drafts import Target
from rescue_app.dispatch.handing import Giver
from rescue_app.dispatch.models import Assignment, Order
from rescue_app.dispatch.rules import HopKind, StepKind

BATCH = 100
NEXT = {AreaLevel.CITY: AreaLevel.DISTRICT, AreaLevel.DISTRICT: AreaLevel.STREET}
NOBODY = "下一级没有登记的中心或在岗队伍 · no centre and no crew on duty is registered below"

HELD = "已有队伍应答了这条指令 · a crew has answered this order already"


def climb_over(sessions: Sessions, *, now: datetime) -> int:
    """Climb over every silent centre and department; give how many were."""
    passed = 0
    while True:
        with unit_of_work(sessions, SYSTEM) as session:
            silent = climbing_repository.claim_silent(session, now=now, limit=BATCH)
            for hop, order in silent:
                _past(session, hop, order, now=now)
        passed += len(silent)
        if len(silent) < BATCH:
            return passed


def _past(session: Session, hop: Assignment, order: Order, *, now: datetime) -> None:
    """Give the order to the next level down in the name of who gave it to this one."""
    held = climbing_repository.crew_has_it(session, hop)
    below = [] if held else _below(session, hop, order, now=now)
    found = targets.resolve(session, below, inside=hop.area_path)
    fresh = service.without_it(session, order.id, hop, found)
    row = {
        "id": uuid5(hop.id, StepKind.CLIMBED_OVER),
        "assignment_id": hop.id,
        "order_id": order.id,
        "area_path": hop.area_path,
        "kind": StepKind.CLIMBED_OVER,
        "by_id": PROGRAM.id,
        "by_name": PROGRAM.name,
        "by_phone": "",
        "done_at": now,
        "received_at": now,
        "note": "" if fresh else HELD if held else NOBODY,
    }
    if repository.add_step_once(session, row):
        giver = Giver(hop.giver_path, hop.giver_name, hop.giver_phone)
        handing.hand_down(session, order, hop, fresh, giver=giver, by=PROGRAM, now=now)


def _below(session: Session, hop: Assignment, order: Order, *, now: datetime) -> list[Target]:
    """Who would have got it: centres of the areas it is about (of all, where none is known)."""
    next_level = NEXT.get(AreaLevel(hop.level)) if hop.holder == HopKind.CENTRE else None
    if next_level is None:
        return _crews_about(session, hop, order, now=now)
    centres = duty.units_in(session, hop.area_path, (UnitKind.CENTRE,), levels=(next_level,))
    reached = climbing_repository.paths_about(
        session, order, level=next_level, inside=hop.area_path, day=day_of(now)
    )
    about = [unit for unit in centres if unit.area_path in reached]
    return [Target("unit", unit.id) for unit in about or centres]


def _crews_about(session: Session, hop: Assignment, order: Order, *, now: datetime) -> list[Target]:
    """Crews on duty in the streets that the order is about; of the whole area, where none is."""
    crews = [crew for crew in duty.crews_in(session, hop.area_path) if crew.on_duty]
    reached = climbing_repository.paths_about(
        session, order, level=AreaLevel.STREET, inside=hop.area_path, day=day_of(now)
    )
    about = [crew for crew in crews if any(within(crew.area_path, path) for path in reached)]
    return [Target("crew", crew.id) for crew in about or crews]
