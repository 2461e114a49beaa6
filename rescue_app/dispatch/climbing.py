"""A level that stays silent is climbed over: the order goes to the next level down without it.

Its own people, their deputies and those above them were called by the ladder before, each with
his time; what is done here is written in the hop's log, and the answers go to who gave the order.
"""

from collections.abc import Sequence
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
from rescue_app.dispatch import at_hand, climbing_repository, handing, repository, targets
from rescue_app.dispatch.drafts import Target
from rescue_app.dispatch.handing import Giver
from rescue_app.dispatch.models import Assignment, Order
from rescue_app.dispatch.rules import HopKind, StepKind

BATCH = 100
NEXT = {AreaLevel.CITY: AreaLevel.DISTRICT, AreaLevel.DISTRICT: AreaLevel.STREET}
NOBODY = "下一级没有登记的中心或在岗队伍 · no centre and no crew on duty is registered below"
UNFIT = "下一级在岗队伍都不具备所需能力 · no crew on duty below can do what this needs"
HELD = "已有队伍应答了这条指令 · a crew has answered this order already"
KNOWN = "下一级都已有这条指令 · who is below has this order already"


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
    have = climbing_repository.who_has_it(session, order)
    others = [one for one in below if one.id not in have]
    found = targets.resolve(session, others, inside=hop.area_path)
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
        "note": "" if found else _why(order, held=held, below=below),
    }
    if repository.add_step_once(session, row):
        giver = Giver(hop.giver_path, hop.giver_name, hop.giver_phone)
        inside, fresh = hop.area_path, [holder.target for holder in found]
        handing.hand_down(
            session, order, hop, fresh, inside=inside, giver=giver, by=PROGRAM, now=now
        )


def _why(order: Order, *, held: bool, below: Sequence[Target]) -> str:
    """Tell why nobody below gets it."""
    if held:
        return HELD
    return KNOWN if below else UNFIT if order.crew_needs else NOBODY


def _below(session: Session, hop: Assignment, order: Order, *, now: datetime) -> list[Target]:
    """Who would have got it: the centres below, or the crews that can do what it needs.

    What no crew is named for is an office's own work: its own crews get it, or else the streets,
    who know which of theirs could. All crews of a street are called up by its own centre alone.
    """
    next_level = NEXT.get(AreaLevel(hop.level))
    office = hop.holder == HopKind.DEPARTMENT
    if next_level is None or (office and next_level is AreaLevel.STREET):
        crews = _crews(session, hop, order, now=now)
        if crews or order.crew_needs or next_level is None:
            return crews
    return _centres(session, hop, order, level=next_level, now=now)


def _centres(
    session: Session, hop: Assignment, order: Order, *, level: AreaLevel, now: datetime
) -> list[Target]:
    """Give the centres of the areas it is about; of all below, where none is known."""
    centres = duty.units_in(session, hop.area_path, (UnitKind.CENTRE,), levels=(level,))
    reached = climbing_repository.paths_about(
        session, order, level=level, inside=hop.area_path, day=day_of(now)
    )
    about = [unit for unit in centres if unit.area_path in reached]
    return [Target("unit", unit.id) for unit in about or centres]


def _crews(session: Session, hop: Assignment, order: Order, *, now: datetime) -> list[Target]:
    """Give the crews on duty that are meant: the office's own, or those where it is about."""
    needs = order.crew_needs
    crews = at_hand.able(duty.crews_in(session, hop.area_path), needs)
    office = hop.holder == HopKind.DEPARTMENT
    own = [crew for crew in crews if office and crew.unit_id == hop.unit_id]
    if own or (office and not needs):
        return [Target("crew", crew.id) for crew in own]
    reached = climbing_repository.paths_about(
        session, order, level=AreaLevel.STREET, inside=hop.area_path, day=day_of(now)
    )
    about = [crew for crew in crews if any(within(crew.area_path, path) for path in reached)]
    meant = about or crews
    if needs:
        meant = at_hand.nearest(meant, order.place)[: at_hand.NEAREST]
    return [Target("crew", crew.id) for crew in meant]
