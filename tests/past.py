"""Disasters of the past for tests: known exactly, nearly, roughly, or nobody knows how."""

from datetime import UTC, datetime
from uuid import UUID

from shapely import Point

from gis.store.base import new_id
from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import SYSTEM
from hazards.events.models import DisasterEvent

IN_2020 = datetime(2020, 7, 1, tzinfo=UTC)


def happened(
    sessions: Sessions, *, at: Point, area: str, accuracy_m: float | None, title: str = "旧滑坡"
) -> UUID:
    """Record a disaster and give its id."""
    event = DisasterEvent(
        id=new_id(),
        source="test",
        source_id=title + str(new_id()),
        hazard_type="landslide",
        title=title,
        happened_at=IN_2020,
        time_precision="day",
        place=at,
        location_accuracy_m=accuracy_m,
        area_path=area,
        synthetic=False,
        raw={},
    )
    with unit_of_work(sessions, SYSTEM) as session:
        session.add(event)
    return event.id
