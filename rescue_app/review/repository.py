"""SQL for reviews: whole nights at once. Row-level security leaves out what one may not see."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, case, false, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from gis.store.base import among
from hazards.calls.models import Call, CallLadder, CallRung
from hazards.calls.rules import RungKind
from hazards.duty.models import Unit
from hazards.duty.rules import UnitKind
from rescue_app.dispatch.members.models import MemberPart, MemberStep
from rescue_app.dispatch.models import Assignment, AssignmentStep, Order
from rescue_app.dispatch.rules import HopKind, Step, StepKind
from rescue_app.incidents.models import Incident
from rescue_app.review.ladders import Rung
from rescue_app.review.models import Indicator, Lesson
from rescue_app.review.rules import ASIDE, MEMBER, Hop, Told

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
    """Give all hops of orders, each with what its log tells."""
    issued = {order.id: order.issued_at for order in orders}
    of = Assignment
    level = case((of.holder == HopKind.CREW, "crew"), else_=of.level).label("level")
    query = select(
        of.id, of.order_id, of.parent_id, of.holder, level, of.name, of.name_en, of.began_at,
        of.answer_due_at,
    ).where(among(of.order_id, issued.keys()))  # fmt: skip
    rows = session.execute(query.order_by(of.began_at, of.id)).all()
    told = _told(session, AssignmentStep.assignment_id, [row.id for row in rows])
    return [
        Hop(
            row.id, row.order_id, row.parent_id, HopKind(row.holder), row.level, row.name,
            row.name_en, issued[row.order_id], row.began_at, row.answer_due_at,
            told[row.id],
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
    told = _told(session, MemberStep.part_id, [part.id for part, *_ in rows])
    return [
        Hop(
            part.id, part.order_id, part.assignment_id, HopKind.CREW, MEMBER,
            f"{part.name}（{crew}）", f"{part.name} ({crew_en or crew})", issued[part.order_id],
            part.began_at, part.answer_due_at, told[part.id],
        )
        for part, crew, crew_en in rows
    ]  # fmt: skip


def _told(
    session: Session, of: InstrumentedAttribute[UUID], ids: Collection[UUID]
) -> dict[UUID, Told]:
    """Read what logs tell, by what they are of; whole logs where something went another way.

    The database finds the first line of each kind: a night has tens of thousands of lines.
    """
    log = of.class_
    firsts = [func.min(log.done_at).filter(log.kind == kind) for kind in StepKind]
    query = select(of, func.max(log.done_at), *firsts).where(among(of, ids)).group_by(of)
    rows = session.execute(query).all() if ids else []
    read = {
        key: Told({kind: at for kind, at in zip(StepKind, times, strict=True) if at}, last_at)
        for key, last_at, *times in rows
    }
    found = defaultdict(lambda: Told({}, None), read)
    aside = [key for key, told in read.items() if not ASIDE.isdisjoint(told.firsts)]
    return found | {key: Told.of(lines) for key, lines in _logs(session, of, aside).items()}


def _logs(
    session: Session, of: InstrumentedAttribute[UUID], ids: Collection[UUID]
) -> dict[UUID, list[Step]]:
    """Read whole logs by what they are of, as plain rows."""
    log = of.class_
    said = (log.id, log.kind, log.done_at, log.by_name, log.by_phone, log.note)
    found: dict[UUID, list[Step]] = {one: [] for one in ids}
    query = select(of, *said).where(among(of, ids))
    for key, step_id, kind, *rest in session.execute(query) if ids else ():
        found[key].append(Step(step_id, StepKind(kind), *rest))
    return found


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
        select(
            Call.topic,
            CallRung.kind,
            CallRung.name,
            CallRung.queued_at,
            func.least(CallRung.due_at, func.coalesce(Call.over_at, CallRung.due_at)),
            CallRung.answered_at,
            CallRung.answer,
            func.coalesce(CallLadder.outcome_rung_id == CallRung.id, false()),
        )
        .join(CallLadder, CallLadder.id == CallRung.ladder_id)
        .join(Call, Call.id == CallRung.call_id)
        .where(among(CallRung.call_id, call_ids), CallRung.queued_at.is_not(None))
        .order_by(CallRung.queued_at, CallRung.id)
    )
    rows = session.execute(query)
    return [(topic, Rung(RungKind(kind), *rest)) for topic, kind, *rest in rows]


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


@dataclass(frozen=True, slots=True)
class Asked:
    """Which lessons are looked at: of which nights (all without), and how they stand."""

    incident_ids: Collection[UUID] | None = None
    standing: str = ""


def lessons(
    session: Session, asked: Asked, *, now: datetime, offset: int = 0, limit: int = LESSONS
) -> Sequence[Lesson]:
    """Give lessons, what is owed first, the nearest day first."""
    query = select(Lesson).where(*_asked(asked, now))
    ordered = query.order_by(Lesson.done_at.is_not(None), Lesson.due_at, Lesson.id)
    return session.scalars(ordered.offset(offset).limit(limit)).all()


def lesson_counts(session: Session, asked: Asked, *, now: datetime) -> dict[str, int]:
    """Count the lessons of these nights by how they stand; `all` of them too."""
    here = Asked(asked.incident_ids)
    counts = {name: func.count().filter(*held) for name, held in _standings(now).items()}
    query = select(func.count().label("all"), *(one.label(name) for name, one in counts.items()))
    return dict(
        session.execute(query.select_from(Lesson).where(*_asked(here, now))).mappings().one()
    )


def _asked(asked: Asked, now: datetime) -> list[ColumnElement[bool]]:
    held = list(_standings(now).get(asked.standing, ()))
    if asked.incident_ids is not None:
        held.append(among(Lesson.incident_id, asked.incident_ids))
    return held


def _standings(now: datetime) -> dict[str, tuple[ColumnElement[bool], ...]]:
    open_ = Lesson.done_at.is_(None)
    return {"late": (open_, Lesson.due_at < now), "owed": (open_,), "done": (~open_,)}


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
