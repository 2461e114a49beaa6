"""SQL for reviews: whole nights at once. Row-level security leaves out what one may not see."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, literal, or_, select
from sqlalchemy.orm import Session

from gis.store.base import among
from hazards.calls.models import Call, CallLadder, CallRung
from hazards.calls.rules import RungKind
from hazards.duty.models import Unit
from hazards.duty.rules import UnitKind
from rescue_app.dispatch import repository as logs_of
from rescue_app.dispatch.members import repository as parts_of
from rescue_app.dispatch.members.models import MemberPart
from rescue_app.dispatch.models import Assignment, Order
from rescue_app.dispatch.rules import HopKind
from rescue_app.incidents.models import Incident
from rescue_app.review.ladders import Rung
from rescue_app.review.models import Indicator, Lesson
from rescue_app.review.rules import MEMBER, Hop

LESSONS = 200


def whole(session: Session, incident: Incident) -> list[UUID]:
    """Give an incident and what was joined with it: one night."""
    query = select(Incident.id).where(Incident.merged_into_id == incident.id)
    return [incident.id, *session.scalars(query.order_by(Incident.id))]


def orders(session: Session, incident_ids: Collection[UUID]) -> Sequence[Order]:
    """Give all orders of a night, in their order."""
    query = select(Order).where(among(Order.incident_id, incident_ids))
    return session.scalars(query.order_by(Order.issued_at, Order.id)).all()


def hops(session: Session, orders: Sequence[Order]) -> list[Hop]:
    """Give all hops of orders, each with its log, in two queries."""
    issued = {order.id: order.issued_at for order in orders}
    query = select(Assignment).where(among(Assignment.order_id, issued.keys()))
    rows = session.scalars(query.order_by(Assignment.began_at, Assignment.id)).all()
    logs = logs_of.logs(session, [row.id for row in rows])
    return [
        Hop(
            row.id, row.order_id, row.parent_id, HopKind(row.holder), _level(row), row.name,
            row.name_en, issued[row.order_id], row.began_at, row.answer_due_at,
            tuple(logs[row.id]),
        )
        for row in rows
    ]  # fmt: skip


def members(session: Session, orders: Sequence[Order]) -> list[Hop]:
    """Give the parts of crews' members as hops below their crews', each with its own log."""
    issued = {order.id: order.issued_at for order in orders}
    query = (
        select(MemberPart, Assignment.name, Assignment.name_en)
        .join(Assignment, Assignment.id == MemberPart.assignment_id)
        .where(among(MemberPart.order_id, issued.keys()))
        .order_by(MemberPart.began_at, MemberPart.id)
    )
    rows = session.execute(query).all()
    logs = parts_of.logs(session, [part.id for part, *_ in rows])
    return [
        Hop(
            part.id, part.order_id, part.assignment_id, HopKind.CREW, MEMBER,
            f"{part.name}（{crew}）", f"{part.name} ({crew_en or crew})", issued[part.order_id],
            part.began_at, part.answer_due_at, tuple(logs[part.id]),
        )
        for part, crew, crew_en in rows
    ]  # fmt: skip


def _level(row: Assignment) -> str:
    return "crew" if row.holder == HopKind.CREW else row.level


def call_ids(
    session: Session, incident_ids: Collection[UUID], orders: Sequence[Order], *, since: datetime
) -> Sequence[UUID]:
    """Give the calls about a night: about its orders, from its sites, about its reports."""
    pages = [f"/orders/{order.id}" for order in orders]
    pages += [f"/incidents/{one}" for one in incident_ids]
    query = select(Call.id).where(Call.opened_at >= since, Call.page.in_(pages))
    return session.scalars(query.order_by(Call.opened_at, Call.id)).all()


def rungs(session: Session, call_ids: Collection[UUID]) -> list[tuple[str, Rung]]:
    """Give the rungs of calls, each with its call's topic."""
    query = (
        select(CallRung, CallLadder, Call)
        .join(CallLadder, CallLadder.id == CallRung.ladder_id)
        .join(Call, Call.id == CallRung.call_id)
        .where(among(CallRung.call_id, call_ids))
        .order_by(CallRung.queued_at, CallRung.id)
    )
    return [
        (
            call.topic,
            Rung(
                RungKind(rung.kind), rung.name, rung.queued_at,
                min(rung.due_at, call.over_at or rung.due_at), rung.answered_at, rung.answer,
                ladder.outcome_rung_id == rung.id,
            ),
        )
        for rung, ladder, call in session.execute(query)
    ]  # fmt: skip


def indicators(session: Session) -> Sequence[Indicator]:
    """Give the indicators in their order."""
    return session.scalars(select(Indicator).order_by(Indicator.position, Indicator.code)).all()


def indicator(session: Session, code: str) -> Indicator | None:
    """Find an indicator."""
    return session.get(Indicator, code)


def lesson(session: Session, lesson_id: UUID) -> Lesson | None:
    """Find a lesson that the asker can see."""
    return session.get(Lesson, lesson_id)


def held_lesson(session: Session, lesson_id: UUID) -> Lesson | None:
    """Find a lesson and let nobody else change it until the commit."""
    query = select(Lesson).where(Lesson.id == lesson_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def lessons(session: Session, incident_ids: Collection[UUID] | None = None) -> Sequence[Lesson]:
    """Give lessons, what is owed first, the nearest day first; of all nights or of some."""
    query = select(Lesson).order_by(Lesson.done_at.is_not(None), Lesson.due_at, Lesson.id)
    if incident_ids is not None:
        query = query.where(among(Lesson.incident_id, incident_ids))
    return session.scalars(query.limit(LESSONS)).all()


def owed(session: Session) -> int:
    """Count the lessons that are owed, without those of drills."""
    query = select(func.count()).where(Lesson.done_at.is_(None), ~Lesson.is_drill)
    return session.scalar(query) or 0


def claim_late(session: Session, *, now: datetime, limit: int) -> Sequence[Lesson]:
    """Hold lessons about which somebody is to be called now."""
    query = (
        select(Lesson)
        .where(Lesson.call_at <= now)
        .order_by(Lesson.call_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return session.scalars(query).all()


def incidents(session: Session, incident_ids: Collection[UUID]) -> Sequence[Incident]:
    """Give incidents, in the order of their opening."""
    query = select(Incident).where(among(Incident.id, incident_ids))
    return session.scalars(query.order_by(Incident.opened_at, Incident.id)).all()


def owners(session: Session, incident: Incident, orders: Sequence[Order]) -> Sequence[Unit]:
    """Give who may own a lesson: units that took part, and the centres of the incident's areas."""
    took_part = select(Assignment.unit_id).where(
        among(Assignment.order_id, [order.id for order in orders])
    )
    above = func.starts_with(literal(incident.area_path), Unit.area_path)
    query = select(Unit).where(
        Unit.kind.in_((UnitKind.CENTRE, UnitKind.DEPARTMENT)),
        or_(Unit.id.in_(took_part), above & (Unit.kind == UnitKind.CENTRE)),
    )
    return session.scalars(query.order_by(Unit.area_path, Unit.kind, Unit.name)).all()
