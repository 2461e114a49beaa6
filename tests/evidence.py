"""Made-up records for tests of the evidence: dated, exact to some metres, beside a spot."""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from shapely import Point
from sqlalchemy import select

from gis.authority import Actor
from gis.store.base import new_id
from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.events.models import DisasterEvent
from hazards.evidence import searching, service
from hazards.evidence.models import EvidenceProposal
from hazards.evidence.rules import Asked, Known
from tests.world import GAOSUNTANG, IN_GAOSUNTANG, IN_TAIBAI, TAIBAI

EAST_M = 95_600.0
NORTH_M = 110_860.0
"""Metres in a degree at the latitude of Wanzhou."""


def beside(spot: Point, east_m: float, north_m: float = 0.0) -> Point:
    """Give the place some metres away."""
    return Point(spot.x + east_m / EAST_M, spot.y + north_m / NORTH_M)


def known(at: Point, day: str, *, accuracy_m: float | None = 100, precision: str = "day") -> Known:
    """Give a record as statistics see it."""
    return Known(
        id=new_id(),
        source="made-up",
        number=f"{day} {at.x:.6f}",
        hazard_type="landslide",
        happened_at=datetime.fromisoformat(day).replace(tzinfo=UTC),
        precision=precision,
        longitude=at.x,
        latitude=at.y,
        accuracy_m=accuracy_m,
    )


def keep(sessions: Sessions, records: Iterable[Known], *, area: str) -> list[UUID]:
    """Put records into the store."""
    with unit_of_work(sessions, SYSTEM) as session:
        rows = [
            DisasterEvent(
                id=one.id,
                source=one.source,
                source_id=one.number,
                hazard_type=one.hazard_type,
                title="滑坡",
                happened_at=one.happened_at,
                time_precision=one.precision,
                place=Point(one.longitude, one.latitude),
                location_accuracy_m=one.accuracy_m,
                area_path=area,
                synthetic=True,
                raw={},
            )
            for one in records
        ]
        session.add_all(rows)
        return [row.id for row in rows]


def slides(spot: Point) -> list[Known]:
    """Give a place where the slope came down in six storms, in one of them twice."""
    days = ("2007-06-20", "2009-07-01", "2009-07-02", "2012-06-30", "2014-09-12", "2016-07-08")
    near = [known(beside(spot, 100 * n), day) for n, day in enumerate(days)]
    return [*near, known(spot, "2018-07-01", precision="month")]


def searched(sessions: Sessions, by: Actor) -> dict[str, str]:
    """Let a planner search made-up records and reject one of the places."""
    keep(sessions, slides(beside(IN_GAOSUNTANG, 2_500)), area=GAOSUNTANG)
    keep(sessions, [known(beside(IN_TAIBAI, 1_500), "2016-07-01")], area=TAIBAI)
    now = datetime.now(UTC)
    with unit_of_work(sessions, Scope.of(by)) as session:
        searching.search(session, id=new_id(), asked=Asked("geological"), by=by, now=now)
        session.flush()
        rows = session.scalars(select(EvidenceProposal).order_by(EvidenceProposal.evidence)).all()
        service.reject(session, proposal_id=rows[-1].id, reason="已治理", by=by, now=now)
        ids = {"evidence": rows[0].id, "evidence_rejected": rows[-1].id}
        return {name: str(one) for name, one in ids.items()}
