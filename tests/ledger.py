"""Points on the ledger without the walk through its offices: the program itself carries them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from gis.authority import Actor, Role
from gis.store.base import new_id
from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import NO_ONE, SYSTEM
from hazards.points.cases import proposing
from hazards.points.cases import service as cases
from hazards.points.cases.proposing import Ask
from rescue_app.api.points_said import Said
from tests.world import IN_GAOSUNTANG

PROGRAM = Actor(id=NO_ONE, name="yitong", role=Role.SYSTEM, area_path="/")


def said(**more: Any) -> dict[str, Any]:
    """A point as a form sends it."""
    return {
        "category": "hidden_danger",
        "evidence": "historical",
        "hazard_type": "landslide",
        "name": "大石坡滑坡",
        "longitude": IN_GAOSUNTANG.x,
        "latitude": IN_GAOSUNTANG.y,
        "threatened_persons": 120,
    } | more


def entered(sessions: Sessions, **more: Any) -> UUID:
    """Put a point on the ledger."""
    point_id = new_id()
    with unit_of_work(sessions, SYSTEM) as session:
        ask = Ask(new_id(), PROGRAM, datetime.now(UTC))
        facts = Said.model_validate(said(**more)).facts()
        proposing.enter(session, ask=ask, point_id=point_id, facts=facts)
        cases.carry_through(session, case_id=ask.case_id, by=PROGRAM, now=ask.now)
    return point_id


def carried(sessions: Sessions, case_id: str) -> None:
    """Take the steps a case still needs."""
    with unit_of_work(sessions, SYSTEM) as session:
        now = datetime.now(UTC)
        cases.carry_through(session, case_id=UUID(case_id), by=PROGRAM, now=now)
