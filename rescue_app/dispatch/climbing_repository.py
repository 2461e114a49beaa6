"""SQL that finds the silent levels of orders, and the areas an order is about."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from gis.areas.models import Area
from gis.areas.repository import valid, within
from gis.areas.rules import AreaLevel
from hazards.calls.models import Call, CallLadder
from hazards.calls.rules import LadderState
from rescue_app.dispatch import laying_repository
from rescue_app.dispatch.calling import TOPIC
from rescue_app.dispatch.changes import OrderStanding
from rescue_app.dispatch.models import Assignment, AssignmentStep, Order
from rescue_app.dispatch.rules import GONE, TAKEN_ON, UNANSWERED, HopKind, StepKind
from rescue_app.incidents.models import Incident


def claim_silent(
    session: Session, *, now: datetime, limit: int
) -> Sequence[tuple[Assignment, Order]]:
    """Hold hops whose whole ladder was silent, or whose people nobody could call in time.

    Their orders are held first, so that none is cancelled while it goes on below; what a change
    or an answer held meanwhile is looked at again when it is held here.
    """
    query = _silent(now, limit)
    orders = {row[1].id for row in session.execute(query)}
    held = select(Order.id).where(Order.id.in_(orders)).order_by(Order.id)
    session.execute(held.with_for_update(read=True))
    mine = query.where(Order.id.in_(orders)).with_for_update(
        key_share=True, skip_locked=True, of=Assignment
    )
    fresh = mine.execution_options(populate_existing=True)
    return [(row[0], row[1]) for row in session.execute(fresh)] if orders else []


def _silent(now: datetime, limit: int) -> Select[Assignment, Order]:
    child, over = aliased(Assignment), AssignmentStep
    return (
        select(Assignment, Order)
        .join(Order, Order.id == Assignment.order_id)
        .where(
            Assignment.state.in_(UNANSWERED),
            Assignment.holder != HopKind.CREW,
            Assignment.answer_due_at < now,
            Order.standing != OrderStanding.ENDED,
            _nobody_takes_it(),
            ~exists().where(child.parent_id == Assignment.id),
            ~exists().where(
                over.assignment_id == Assignment.id, over.kind == StepKind.CLIMBED_OVER
            ),
        )
        .order_by(Assignment.answer_due_at)
        .limit(limit)
    )


def _nobody_takes_it() -> ColumnElement[bool]:
    mine = (Call.topic == TOPIC) & (Call.ref == Assignment.id)
    silent = exists().where(
        mine, CallLadder.call_id == Call.id, CallLadder.state == LadderState.SILENT
    )
    return or_(silent, ~exists().where(mine) & ~laying_repository.is_due())


def crew_has_it(session: Session, hop: Assignment) -> bool:
    """Tell whether a crew of its area, to whom the giver gave the order too, has answered."""
    query = select(
        exists().where(
            Assignment.order_id == hop.order_id,
            Assignment.holder == HopKind.CREW,
            Assignment.parent_id.is_not_distinct_from(hop.parent_id),
            Assignment.state.in_(TAKEN_ON),
            Assignment.area_path.startswith(hop.area_path, autoescape=True),
        )
    )
    return bool(session.scalar(query))


def who_has_it(session: Session, order: Order) -> set[UUID]:
    """Give the crews and units that hold the order, from whomever: nobody is told it twice."""
    holder = func.coalesce(Assignment.crew_id, Assignment.unit_id)
    query = select(holder).where(Assignment.order_id == order.id, Assignment.state.not_in(GONE))
    return set(session.scalars(query))


def paths_about(
    session: Session, order: Order, *, level: AreaLevel, inside: str, day: date
) -> set[str]:
    """Give the areas of a level that the order's incident (or its place) touches."""
    shape = func.coalesce(Incident.extent, Incident.place)
    if order.incident_id is not None:
        about = select(shape).where(Incident.id == order.incident_id).scalar_subquery()
    else:
        about = select(Order.place).where(Order.id == order.id).scalar_subquery()
    touched = func.ST_Intersects(Area.boundary, about)
    query = select(Area.path).where(within(inside), valid(day), Area.level == level, touched)
    return set(session.scalars(query))
