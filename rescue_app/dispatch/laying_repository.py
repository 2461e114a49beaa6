"""SQL for hops whose people are still to be called."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, insert, select
from sqlalchemy.orm import Session

from gis.store.base import among, new_id
from hazards.calls.models import Call
from rescue_app.dispatch.calling import TOPIC
from rescue_app.dispatch.models import Assignment, CallsDue


def add_due(session: Session, order_id: UUID, *, area_path: str, now: datetime) -> None:
    """Remember that the people of the hops that are given now are to be called."""
    row = {"id": new_id(), "order_id": order_id, "began_at": now, "area_path": area_path}
    session.execute(insert(CallsDue).inline(), row)


def all_due(session: Session) -> list[UUID]:
    """Give what is due, the oldest first."""
    return list(session.scalars(select(CallsDue.id).order_by(CallsDue.began_at)))


def held(session: Session, due_id: UUID) -> CallsDue | None:
    """Hold what is due, unless somebody is at it or it is done."""
    query = select(CallsDue).where(CallsDue.id == due_id)
    return session.scalar(query.with_for_update(skip_locked=True))


def held_of(session: Session, order_ids: Collection[UUID]) -> Sequence[CallsDue]:
    """Hold what is due of these orders, and wait for who is at it; always in the same order."""
    query = select(CallsDue).where(among(CallsDue.order_id, order_ids)).order_by(CallsDue.id)
    return session.scalars(query.with_for_update()).all()


def given(session: Session, due: CallsDue, *, after: UUID, limit: int) -> list[Assignment]:
    """Give the next of the hops that nobody was called about yet."""
    query = _uncalled().where(
        Assignment.order_id == due.order_id,
        Assignment.began_at == due.began_at,
        Assignment.id > after,
    )
    return list(session.scalars(query.limit(limit)))


def given_among(
    session: Session, due: Collection[CallsDue], hop_ids: Collection[UUID]
) -> list[Assignment]:
    """Of these hops give those that are due and that nobody was called about yet."""
    times = {(one.order_id, one.began_at) for one in due}
    found = session.scalars(_uncalled().where(among(Assignment.id, hop_ids)))
    return [hop for hop in found if (hop.order_id, hop.began_at) in times]


def _uncalled() -> Select[Assignment]:
    called = exists().where(Call.topic == TOPIC, Call.ref == Assignment.id)
    return select(Assignment).where(~called).order_by(Assignment.id)


def is_due() -> ColumnElement[bool]:
    """Tell of a hop whether its people are still to be called."""
    return exists().where(
        CallsDue.order_id == Assignment.order_id, CallsDue.began_at == Assignment.began_at
    )


def due_times(session: Session, order_id: UUID) -> set[datetime]:
    """Give when the hops of an order were given whose people are still to be called."""
    return set(session.scalars(select(CallsDue.began_at).where(CallsDue.order_id == order_id)))
