"""SQL for proposals: the areas that an incident reaches, and what was issued for it."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, literal, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.areas import repository as areas
from gis.areas.models import Area
from gis.areas.rules import AreaLevel
from gis.store.base import Shape
from rescue_app.incidents.models import Incident
from rescue_app.proposals.models import OrderBatch, OrderBatchLine

MOST_STREETS = 12
HOLD = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")


def hold(session: Session, incident_id: UUID, district_path: str) -> None:
    """Let one issue of an incident in a district come after the other until the commit."""
    session.execute(HOLD, {"key": f"issue:{incident_id}:{district_path}"})


def streets_of(session: Session, incident: Incident, district_path: str) -> list[str]:
    """Give the streets of a district that an incident reaches, as paths."""
    within = incident.area_path
    if within.startswith(district_path) and within != district_path:
        return ["/".join(within.split("/")[:4]) + "/"]
    whole = incident.extent if incident.extent is not None else incident.place
    query = (
        select(Area.path)
        .where(
            areas.within(district_path),
            Area.level == AreaLevel.STREET,
            areas.valid(),
            func.ST_Intersects(Area.boundary, literal(whole, Shape("GEOMETRY"))),
        )
        .order_by(Area.path)
        .limit(MOST_STREETS)
    )
    return list(session.scalars(query))


def batch(session: Session, batch_id: UUID) -> OrderBatch | None:
    """Find an issue that the asker can see."""
    return session.get(OrderBatch, batch_id)


def batches(
    session: Session, incident_ids: Collection[UUID], *, district_path: str | None = None
) -> Sequence[OrderBatch]:
    """Give what was issued for incidents, in one district or in all, the newest first."""
    query = select(OrderBatch).where(OrderBatch.incident_id.in_(incident_ids))
    if district_path is not None:
        query = query.where(OrderBatch.district_path == district_path)
    return session.scalars(query.order_by(OrderBatch.issued_at.desc(), OrderBatch.id.desc())).all()


def issued(session: Session, incident_id: UUID, district_path: str) -> dict[str, OrderBatchLine]:
    """Give what of the plan went out for an incident in a district, by the action's code."""
    query = select(OrderBatchLine).where(
        OrderBatchLine.incident_id == incident_id, OrderBatchLine.district_path == district_path
    )
    return {line.action: line for line in session.scalars(query)}


def lines(session: Session, batch_ids: Collection[UUID]) -> dict[UUID, list[OrderBatchLine]]:
    """Give the orders of issues in their order, by issue."""
    query = select(OrderBatchLine).where(OrderBatchLine.batch_id.in_(batch_ids))
    found: dict[UUID, list[OrderBatchLine]] = {key: [] for key in batch_ids}
    for line in session.scalars(query.order_by(OrderBatchLine.position)):
        found[line.batch_id].append(line)
    return found


def batch_of(session: Session, order_id: UUID) -> OrderBatch | None:
    """Give the issue that an order belongs to, if it went out with others."""
    query = select(OrderBatch).join(OrderBatchLine, OrderBatchLine.batch_id == OrderBatch.id)
    return session.scalar(query.where(OrderBatchLine.order_id == order_id))


def add_lines(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Keep which orders belong together."""
    session.execute(insert(OrderBatchLine).values(list(rows)))
