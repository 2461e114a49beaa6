"""SQL for orders: what pages ask. Row-level security leaves out what the asker may not see."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from heapq import nlargest
from uuid import UUID

from sqlalchemy import ColumnElement, case, exists, func, select
from sqlalchemy.orm import Session

from gis.store.base import among
from rescue_app.dispatch import changes_repository
from rescue_app.dispatch.models import Assignment, AssignmentStep, ChangeNotice, Order
from rescue_app.dispatch.rules import GONE, TAKEN_ON, UNANSWERED, HopKind, StepKind

LIST_LIMIT = 100
TIMELINE_LIMIT = 200
ENDED = (StepKind.DONE, *GONE)
NOT_IN_HAND = (*ENDED, StepKind.CANNOT)
OWES = exists().where(
    ChangeNotice.assignment_id == Assignment.id, ChangeNotice.answered_at.is_(None)
)
"""Holds for hops whose order changed and who have not said that they heard it."""


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order in a list, with its hops counted."""

    order: Order
    silent: int
    returned: int
    crews: int
    crews_answered: int
    crews_done: int


@dataclass(frozen=True, slots=True)
class InboxLine:
    """A hop that waits for somebody, with its order."""

    hop: Assignment
    order: Order
    owes: bool = False
    """A change of it waits for the asker's own word, also where the order is over."""


def hops_of(session: Session, order_id: UUID) -> list[Assignment]:
    """All hops of an order that the asker can see."""
    return list(session.scalars(select(Assignment).where(Assignment.order_id == order_id)))


def timeline(
    session: Session, order_id: UUID, *, limit: int = TIMELINE_LIMIT
) -> list[tuple[AssignmentStep, Assignment]]:
    """The newest lines of all logs of an order, and who was given it, newest first."""
    query = (
        select(AssignmentStep, Assignment)
        .join(Assignment, Assignment.id == AssignmentStep.assignment_id)
        .where(AssignmentStep.order_id == order_id)
        .order_by(AssignmentStep.received_at.desc(), AssignmentStep.id.desc())
        .limit(limit)
    )
    lines = [(row[0], row[1]) for row in session.execute(query)]
    newest = (
        select(Assignment)
        .where(Assignment.order_id == order_id)
        .order_by(Assignment.began_at.desc(), Assignment.id.desc())
        .limit(limit)
    )
    lines += [(hop.given, hop) for hop in session.scalars(newest)]
    return nlargest(limit, lines, key=lambda line: (line[0].received_at, line[0].id))


def last_said(
    session: Session, hop_ids: Collection[UUID], kind: StepKind
) -> dict[UUID, AssignmentStep]:
    """Give the last line of a kind in each of these hops' logs, such as who was climbed over."""
    query = (
        select(AssignmentStep)
        .where(among(AssignmentStep.assignment_id, hop_ids), AssignmentStep.kind == kind)
        .order_by(AssignmentStep.done_at, AssignmentStep.id)
    )
    return {step.assignment_id: step for step in session.scalars(query)}


def entered(session: Session, hop_ids: Collection[UUID]) -> dict[UUID, AssignmentStep]:
    """Give the last word in each of these logs that did not come by its person's own page."""
    otherwise = AssignmentStep.entered_by.is_not(None) | AssignmentStep.via.is_not(None)
    query = (
        select(AssignmentStep)
        .where(among(AssignmentStep.assignment_id, hop_ids), otherwise)
        .order_by(AssignmentStep.done_at, AssignmentStep.id)
    )
    return {step.assignment_id: step for step in session.scalars(query)}


def latest_orders(
    session: Session,
    *,
    incident_ids: Collection[UUID] | None = None,
    drills: bool | None = None,
    limit: int = LIST_LIMIT,
) -> list[OrderLine]:
    """The newest orders that the asker can see, each with its numbers; of drills, or without."""
    query = select(Order).order_by(Order.issued_at.desc(), Order.id.desc()).limit(limit)
    if incident_ids is not None:
        query = query.where(Order.incident_id.in_(incident_ids))
    if drills is not None:
        query = query.where(Order.is_drill == drills)
    return _counted(session, list(session.scalars(query)))


def lines_of(session: Session, order_ids: Collection[UUID]) -> list[OrderLine]:
    """Give certain orders as far as the asker can see them, each with its numbers."""
    return _counted(session, list(session.scalars(select(Order).where(Order.id.in_(order_ids)))))


def _counted(session: Session, orders: list[Order]) -> list[OrderLine]:
    counts = _counts(session, [order.id for order in orders])
    return [OrderLine(order, *counts.get(order.id, (0, 0, 0, 0, 0))) for order in orders]


def _counts(
    session: Session, order_ids: Collection[UUID]
) -> dict[UUID, tuple[int, int, int, int, int]]:
    crew = Assignment.holder == HopKind.CREW
    query = (
        select(
            Assignment.order_id,
            _count(Assignment.state.in_(UNANSWERED)),
            _count(Assignment.state == StepKind.CANNOT),
            _count(crew),
            _count(crew & Assignment.state.in_(TAKEN_ON)),
            _count(crew & (Assignment.state == StepKind.DONE)),
        )
        .where(Assignment.order_id.in_(order_ids), Assignment.state.not_in(GONE))
        .group_by(Assignment.order_id)
    )
    return {row[0]: (row[1], row[2], row[3], row[4], row[5]) for row in session.execute(query)}


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(condition)


def inbox(
    session: Session, area_path: str, *, ended_since: datetime, limit: int = LIST_LIMIT
) -> list[InboxLine]:
    """Hops of centres and departments of exactly this area, those that owe an answer first.

    What ended leaves it when it is no news any more and its end was heard.
    """
    query = (
        select(Assignment, Order)
        .join(Order, Order.id == Assignment.order_id)
        .where(
            Assignment.area_path == area_path,
            Assignment.holder != HopKind.CREW,
            Assignment.state.not_in(ENDED) | (Assignment.state_at >= ended_since) | OWES,
        )
        .order_by(case((OWES, 0), else_=_attention()), Assignment.answer_due_at, Assignment.id)
        .limit(limit)
    )
    return [InboxLine(row[0], row[1]) for row in session.execute(query)]


def crew_inbox(
    session: Session, crew_ids: Collection[UUID], *, by_id: UUID, ended_since: datetime
) -> list[InboxLine]:
    """Hops of crews: what waits for this person's word first, ended ones as long as they are news.

    A change goes before an order: whoever stands in danger is to hear that first.
    """
    owes = changes_repository.owes(by_id)
    query = (
        select(Assignment, Order, owes)
        .join(Order, Order.id == Assignment.order_id)
        .where(
            Assignment.crew_id.in_(crew_ids),
            Assignment.state.not_in(ENDED) | (Assignment.state_at >= ended_since),
        )
        .order_by(owes.desc(), _attention(), Assignment.began_at.desc(), Assignment.id)
        .limit(LIST_LIMIT)
    )
    return [InboxLine(row[0], row[1], row[2]) for row in session.execute(query)]


def _attention() -> ColumnElement[int]:
    return case(
        (Assignment.state.in_(UNANSWERED), 0),
        (Assignment.state.in_(ENDED), 2),
        else_=1,
    )


def offered(session: Session, area_path: str) -> list[InboxLine]:
    """Hops given by exactly this centre whose proposals wait for its word, the oldest first."""
    query = (
        select(Assignment, Order)
        .join(Order, Order.id == Assignment.order_id)
        .where(Assignment.giver_path == area_path, Assignment.offer_id.is_not(None))
        .order_by(Assignment.state_at, Assignment.id)
        .limit(LIST_LIMIT)
    )
    return [InboxLine(row[0], row[1]) for row in session.execute(query)]


def unanswered(session: Session, area_path: str) -> tuple[int, int]:
    """How many hops wait for a word of this centre, be it about a change: real, and of drills."""
    drill = Order.is_drill
    query = (
        select(func.count().filter(~drill), func.count().filter(drill))
        .select_from(Assignment)
        .join(Order, Order.id == Assignment.order_id)
        .where(
            Assignment.area_path == area_path,
            Assignment.holder != HopKind.CREW,
            Assignment.state.in_(UNANSWERED) | OWES,
        )
    )
    real, played = session.execute(query).one()
    return real, played
