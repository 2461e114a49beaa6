"""SQL for members' parts: what pages ask, as far as the asker may see."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, case, exists, func, select
from sqlalchemy.orm import Session

from gis.store.base import among
from hazards.calls import reading as calls
from hazards.calls.models import Call, CallRung
from hazards.calls.program import as_program
from hazards.calls.reading import Line as CallLine
from rescue_app.dispatch.changes import ENDING, LOUD
from rescue_app.dispatch.members.calling import TOPIC
from rescue_app.dispatch.members.models import MemberNotice, MemberPart, MemberStep
from rescue_app.dispatch.members.rules import ENDED, Tally, tally
from rescue_app.dispatch.models import Assignment, Order, OrderChange
from rescue_app.dispatch.rules import GONE, UNANSWERED

LIMIT = 50


@dataclass(frozen=True, slots=True)
class MyPart:
    """A part on its member's page, with the order and the crew's hop."""

    part: MemberPart
    hop: Assignment
    order: Order
    owes: bool
    """A change of it waits for his answer, also where the part itself is over."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A change that a member has not answered; of the order, or of his part alone."""

    notice: MemberNotice
    change: OrderChange | None


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member as his leader and those above see him."""

    part: MemberPart
    call: CallLine | None
    owes: Sequence[Owed]
    times: Mapping[str, MemberStep]
    """The first line of each kind in his log."""
    accepted_at: datetime | None
    """When a gateway took the message to him; that is no answer."""

    @property
    def silent(self) -> bool:
        """He has not said a word yet."""
        return self.part.state in UNANSWERED


@dataclass(frozen=True, slots=True)
class Members:
    """The members of some hops, with their sums."""

    lines: Mapping[UUID, Sequence[MemberLine]]

    def of(self, hop_id: UUID) -> Sequence[MemberLine]:
        """Give those of one crew."""
        return self.lines.get(hop_id, ())

    def tally(self, hop_id: UUID) -> Tally:
        """Count those of one crew."""
        return tally(Counter(line.part.state for line in self.of(hop_id)))


def mine(session: Session, account_id: UUID, *, ended_since: datetime) -> list[MyPart]:
    """A member's own parts: what he owes an answer first, ended ones as long as they are news."""
    owes = exists().where(MemberNotice.part_id == MemberPart.id, MemberNotice.answered_at.is_(None))
    attention = case(
        (owes, 0), (MemberPart.state.in_(UNANSWERED), 1), (MemberPart.state.in_(ENDED), 3), else_=2
    )
    query = (
        select(MemberPart, Assignment, Order, owes)
        .join(Assignment, Assignment.id == MemberPart.assignment_id)
        .join(Order, Order.id == MemberPart.order_id)
        .where(
            MemberPart.account_id == account_id,
            owes | MemberPart.state.not_in(ENDED) | (MemberPart.state_at >= ended_since),
        )
        .order_by(attention, MemberPart.began_at.desc(), MemberPart.id)
        .limit(LIMIT)
    )
    return [MyPart(row[0], row[1], row[2], row[3]) for row in session.execute(query)]


def parts_of_order(session: Session, order_id: UUID) -> list[MemberPart]:
    """Give the parts of an order, the silent first."""
    return _parts(session, MemberPart.order_id == order_id)


def _parts(session: Session, whose: ColumnElement[bool]) -> list[MemberPart]:
    attention = case((MemberPart.state.in_(UNANSWERED), 0), else_=1)
    query = select(MemberPart).where(whose)
    return list(session.scalars(query.order_by(attention, MemberPart.began_at, MemberPart.id)))


def total(session: Session, order_id: UUID) -> Tally:
    """Count all members of an order."""
    query = (
        select(MemberPart.state, func.count())
        .where(MemberPart.order_id == order_id)
        .group_by(MemberPart.state)
    )
    return tally({row[0]: row[1] for row in session.execute(query)})


def of_hops(session: Session, hop_ids: Collection[UUID]) -> Members:
    """Read the members of some crews' hops with their times, calls and what they owe.

    Who sees a member sees who is called for him: a crew's leader sees no rung but his own.
    """
    parts = _parts(session, among(MemberPart.assignment_id, hop_ids))
    ids = [part.id for part in parts]
    with as_program(session):
        rings = calls.lines_of(session, ids, topic=TOPIC) if ids else {}
    owes, times, taken = owed(session, ids), _times(session, ids), _taken(session, ids)
    found: dict[UUID, list[MemberLine]] = defaultdict(list)
    for part in parts:
        call = next(iter(rings.get(part.id, ())), None)
        line = MemberLine(part, call, owes[part.id], times[part.id], taken.get(part.id))
        found[part.assignment_id].append(line)
    return Members(found)


def timeline(
    session: Session, order_id: UUID, *, limit: int
) -> list[tuple[MemberStep, MemberPart, Assignment]]:
    """The newest lines of all members' logs of an order, newest first."""
    query = (
        select(MemberStep, MemberPart, Assignment)
        .join(MemberPart, MemberPart.id == MemberStep.part_id)
        .join(Assignment, Assignment.id == MemberPart.assignment_id)
        .where(MemberStep.order_id == order_id)
        .order_by(MemberStep.received_at.desc(), MemberStep.id.desc())
        .limit(limit)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def owed(session: Session, part_ids: Collection[UUID]) -> dict[UUID, list[Owed]]:
    """Give by part the notices that its member has not answered, 撤 first, then the oldest."""
    query = (
        select(MemberNotice, OrderChange)
        .outerjoin(OrderChange, OrderChange.id == MemberNotice.change_id)
        .where(among(MemberNotice.part_id, part_ids), MemberNotice.answered_at.is_(None))
        .order_by(MemberNotice.kind.not_in(LOUD), MemberNotice.made_at, MemberNotice.id)
    )
    found: dict[UUID, list[Owed]] = defaultdict(list)
    for notice, change in session.execute(query) if part_ids else ():
        found[notice.part_id].append(Owed(notice, change))
    return found


def ended_as(session: Session, part_id: UUID) -> str | None:
    """Give how a member was told that his part ended: cancelled, or called away from the site."""
    query = (
        select(MemberNotice.kind)
        .where(MemberNotice.part_id == part_id, MemberNotice.kind.in_(ENDING))
        .order_by(MemberNotice.made_at.desc(), MemberNotice.id.desc())
    )
    return session.scalars(query).first()


def _times(session: Session, part_ids: Collection[UUID]) -> dict[UUID, dict[str, MemberStep]]:
    query = select(MemberStep).where(among(MemberStep.part_id, part_ids))
    found: dict[UUID, dict[str, MemberStep]] = defaultdict(dict)
    ordered = query.order_by(MemberStep.done_at, MemberStep.id)
    for line in session.scalars(ordered) if part_ids else ():
        found[line.part_id].setdefault(line.kind, line)
    return found


def _taken(session: Session, part_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """When a gateway first took the message to the member himself."""
    query = (
        select(Call.ref, CallRung.accepted_at)
        .join(CallRung, CallRung.call_id == Call.id)
        .join(MemberPart, MemberPart.id == Call.ref)
        .where(
            Call.topic == TOPIC,
            among(Call.ref, part_ids),
            CallRung.position == 0,
            CallRung.accepted_at.is_not(None),
        )
    )
    found = session.execute(query).all() if part_ids else []
    return {row[0]: row[1] for row in found if row[1] is not None}


def who_has_one(parts: Collection[MemberPart]) -> set[UUID]:
    """Give the members who hold a part in force."""
    return {part.member_id for part in parts if part.state not in GONE}
