"""SQL for changes of orders that are out, and for the notices that hops have of them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from geoalchemy2 import Geography
from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    Text,
    cast,
    exists,
    func,
    insert,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session, aliased

from gis.store.base import among
from hazards.calls.models import Call, CallRung
from hazards.calls.rules import Rule, RungKind
from rescue_app.dispatch.changes import ENDING, LOUD, ChangeKind, OrderStanding
from rescue_app.dispatch.models import Assignment, ChangeNotice, Order, OrderChange
from rescue_app.dispatch.rules import CHANGE_TOPIC, GONE

# Orders this near to each other are one site: an assumption.
ON_SITE_M = 500.0
UNHEARD_NAMED = 20
# Who of a crew is called for himself about a change, and has not heard it.
ALONE_AND_SILENT = (
    Call.topic == CHANGE_TOPIC,
    Call.rule == Rule.EACH,
    CallRung.kind == RungKind.FIRST,
    CallRung.answered_at.is_(None),
)
# Who is to leave at once reads that first.
GRAVEST_FIRST = (OrderChange.kind.not_in(LOUD), OrderChange.made_at, OrderChange.id)
# The first answer that a hop gave about a change stays the one that is shown.
SHOW_ANSWERS = text("""
    UPDATE change_notice n
    SET answer = s.kind, answered_at = s.done_at, answer_name = s.by_name
    FROM (
        SELECT DISTINCT ON (notice_id) notice_id, kind, done_at, by_name
        FROM assignment_step WHERE notice_id = ANY(:ids) AND kind IN ('change_taken', 'cannot')
        ORDER BY notice_id, done_at, id
    ) s
    WHERE s.notice_id = n.id
""")


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change, and how many of those it concerns have heard it."""

    change: OrderChange
    asked: int
    taken: int


def locked_order(session: Session, order_id: UUID) -> Order:
    """Hold an order: two commanders change it one after the other, and nobody passes it on then.

    Whoever answers meanwhile adds lines that name the order. He holds his hop, and the change
    waits for that hop: were the order's key held too, the two would wait for each other.
    """
    query = select(Order).where(Order.id == order_id).with_for_update(key_share=True)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def orders_on_site(session: Session, hop_id: UUID) -> list[Order]:
    """Hold the orders in force at the place of a hop's order, itself among them."""
    own = aliased(Order)
    near = func.ST_DWithin(
        cast(Order.place, Geography), cast(own.place, Geography), ON_SITE_M, type_=Boolean
    )
    query = (
        select(Order)
        .join(own, or_(Order.id == own.id, near))
        .join(Assignment, Assignment.order_id == own.id)
        .where(Assignment.id == hop_id, Order.standing != OrderStanding.ENDED)
        .order_by(Order.id)
        .with_for_update(key_share=True, of=Order)
    )
    return list(session.scalars(query.execution_options(populate_existing=True)))


def hops_in_force(session: Session, order_id: UUID) -> list[Assignment]:
    """Find and hold the hops of an order that were not taken back, always in the same order."""
    query = (
        select(Assignment)
        .where(Assignment.order_id == order_id, Assignment.state.not_in(GONE))
        .order_by(Assignment.id)
        .with_for_update(key_share=True)
    )
    return list(session.scalars(query.execution_options(populate_existing=True)))


def change(session: Session, change_id: UUID) -> OrderChange | None:
    """Find a change."""
    return session.get(OrderChange, change_id)


def add_notices(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Note whom a change concerns."""
    if rows:
        session.execute(insert(ChangeNotice), rows)


def notices(session: Session, ids: Collection[UUID]) -> dict[UUID, ChangeNotice]:
    """Find notices by their ids."""
    query = select(ChangeNotice).where(among(ChangeNotice.id, ids))
    return {notice.id: notice for notice in session.scalars(query)} if ids else {}


def show_answers(session: Session, ids: Collection[UUID]) -> None:
    """Keep beside notices what the logs of their hops say."""
    if ids:
        session.execute(SHOW_ANSWERS, {"ids": list(ids)})


def lines_of(session: Session, order_id: UUID) -> list[ChangeLine]:
    """Give an order's changes as far as the asker may see them, the newest first."""
    answered: ColumnElement[int] = func.count(ChangeNotice.answered_at)
    query = (
        select(OrderChange, func.count(ChangeNotice.id), answered)
        .outerjoin(ChangeNotice, ChangeNotice.change_id == OrderChange.id)
        .where(OrderChange.order_id == order_id)
        .group_by(OrderChange.id)
        .order_by(OrderChange.made_at.desc(), OrderChange.id.desc())
    )
    return [ChangeLine(row[0], row[1], row[2]) for row in session.execute(query)]


def owed(
    session: Session, order_ids: Collection[UUID]
) -> dict[UUID, list[tuple[ChangeNotice, OrderChange]]]:
    """Give, by hop, the notices that nobody answered yet, 撤 first, then the oldest."""
    return _owed(session, among(ChangeNotice.order_id, order_ids))


def owed_of(
    session: Session, hop_ids: Collection[UUID]
) -> dict[UUID, list[tuple[ChangeNotice, OrderChange]]]:
    """Give the same for certain hops."""
    return _owed(session, among(ChangeNotice.assignment_id, hop_ids))


def _owed(
    session: Session, whose: ColumnElement[bool]
) -> dict[UUID, list[tuple[ChangeNotice, OrderChange]]]:
    query = (
        select(ChangeNotice, OrderChange)
        .join(OrderChange, OrderChange.id == ChangeNotice.change_id)
        .where(whose, ChangeNotice.answered_at.is_(None))
        .order_by(*GRAVEST_FIRST)
    )
    found: dict[UUID, list[tuple[ChangeNotice, OrderChange]]] = defaultdict(list)
    for notice, about in session.execute(query):
        found[notice.assignment_id].append((notice, about))
    return found


def owed_by(session: Session, hop_id: UUID, by_id: UUID) -> list[tuple[ChangeNotice, OrderChange]]:
    """Give what one person of a crew has to hear of its hop, 撤 first, then the oldest."""
    query = (
        select(ChangeNotice, OrderChange)
        .join(OrderChange, OrderChange.id == ChangeNotice.change_id)
        .where(ChangeNotice.assignment_id == hop_id, _waits_for(by_id))
        .order_by(*GRAVEST_FIRST)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def ended_as(session: Session, hop_id: UUID) -> str | None:
    """Give how a hop was told that it ended: cancelled, or called away from the site."""
    query = (
        select(OrderChange.kind)
        .join(ChangeNotice, ChangeNotice.change_id == OrderChange.id)
        .where(ChangeNotice.assignment_id == hop_id, OrderChange.kind.in_(ENDING))
        .order_by(OrderChange.made_at.desc(), OrderChange.id.desc())
    )
    return session.scalars(query).first()


def alarmed(session: Session, order_id: UUID) -> OrderChange | None:
    """Give the danger that was called at an order's place, until its giver says how it goes on."""
    query = (
        select(OrderChange)
        .where(OrderChange.order_id == order_id, OrderChange.hop_id.is_(None))
        .order_by(OrderChange.made_at.desc(), OrderChange.id.desc())
        .limit(1)
    )
    last = session.scalar(query)
    return last if last is not None and last.kind == ChangeKind.ALARMED else None


def owes(by_id: UUID) -> ColumnElement[bool]:
    """Tell of a hop whether a change of it waits for one person of its crew."""
    return exists().where(ChangeNotice.assignment_id == Assignment.id, _waits_for(by_id))


@dataclass(frozen=True, slots=True)
class Unheard:
    """Who is called for himself about a change and has not heard it: some by name, and all."""

    names: Sequence[str]
    count: int

    @property
    def unnamed(self) -> int:
        """How many are not named."""
        return self.count - len(self.names)


def unheard(session: Session, order_id: UUID) -> dict[UUID, Unheard]:
    """Give by change who of the crews has not heard it: of thousands the first few by name."""
    by_name = aggregate_order_by(CallRung.name, CallRung.name, CallRung.id)
    names = func.array_agg(by_name, type_=ARRAY(Text))[1:UNHEARD_NAMED]
    query = (
        select(ChangeNotice.change_id, names, func.count())
        .join(Call, Call.ref == ChangeNotice.id)
        .join(CallRung, CallRung.call_id == Call.id)
        .where(ChangeNotice.order_id == order_id, *ALONE_AND_SILENT)
        .group_by(ChangeNotice.change_id)
    )
    return {change_id: Unheard(some, count) for change_id, some, count in session.execute(query)}


def _waits_for(by_id: UUID) -> ColumnElement[bool]:
    """Nobody of the crew has heard it yet; or he is called for himself and has not."""
    silent = (
        exists()
        .where(Call.ref == ChangeNotice.id, CallRung.call_id == Call.id)
        .where(CallRung.account_id == by_id, *ALONE_AND_SILENT)
    )
    return ChangeNotice.answered_at.is_(None) | silent
