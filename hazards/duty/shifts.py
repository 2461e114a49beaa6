"""SQL for turns of duty: who is on, what is offered, and where nobody is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from hazards.duty.models import DutyTurn, HandOver, Member, Unit

MOST = 200


def off_duty() -> ColumnElement[bool]:
    """Hold for a member while others of his unit are on duty and he is not."""
    unit_keeps_turns = exists().where(
        DutyTurn.unit_id == Member.unit_id, DutyTurn.ended_at.is_(None)
    )
    his = exists().where(DutyTurn.member_id == Member.id, DutyTurn.ended_at.is_(None))
    return and_(unit_keeps_turns, ~his)


def open_of(session: Session, member_id: UUID) -> DutyTurn | None:
    """Give a member's open turn."""
    query = select(DutyTurn).where(DutyTurn.member_id == member_id, DutyTurn.ended_at.is_(None))
    return session.scalar(query)


def mine(session: Session, account_id: UUID) -> list[tuple[DutyTurn, Unit]]:
    """Give the open turns of whoever is signed in."""
    query = (
        select(DutyTurn, Unit)
        .join(Unit, Unit.id == DutyTurn.unit_id)
        .where(DutyTurn.account_id == account_id, DutyTurn.ended_at.is_(None))
    )
    return [(turn, unit) for turn, unit in session.execute(query)]


def waiting(session: Session, turn_id: UUID) -> HandOver | None:
    """Give the offer of a turn that waits for its answer."""
    query = select(HandOver).where(HandOver.turn_id == turn_id, HandOver.answer.is_(None))
    return session.scalar(query)


def colleagues(session: Session, unit_ids: Sequence[UUID]) -> dict[UUID, list[Member]]:
    """Give those of units who are not on duty, the first to be called before the others."""
    found: dict[UUID, list[Member]] = {unit_id: [] for unit_id in unit_ids}
    on = exists().where(DutyTurn.member_id == Member.id, DutyTurn.ended_at.is_(None))
    query = select(Member).where(Member.unit_id.in_(unit_ids), Member.until.is_(None), ~on)
    for member in session.scalars(query.order_by(Member.rank, Member.id)):
        found[member.unit_id].append(member)
    return found


@dataclass(frozen=True, slots=True)
class Post:
    """One unit's duty: who is on, what is offered to whom, and the last turn that ended."""

    unit: Unit
    turns: Sequence[DutyTurn]
    offers: Mapping[UUID, HandOver]
    last: DutyTurn | None

    def overdue(self, now: datetime) -> list[DutyTurn]:
        """Give turns whose planned end is past, and nobody took over."""
        return [turn for turn in self.turns if turn.until is not None and turn.until <= now]

    @property
    def empty(self) -> bool:
        """Tell whether somebody was here and nobody is."""
        return not self.turns and self.last is not None


def posts(session: Session, area_path: str) -> list[Post]:
    """Give the units of exactly this area and those below that keep turns; trouble first."""
    keeps_turns = exists().where(DutyTurn.unit_id == Unit.id)
    has_people = exists().where(Member.unit_id == Unit.id)
    below = Unit.area_path.startswith(area_path, autoescape=True) & keeps_turns
    query = select(Unit).where((Unit.area_path == area_path) & has_people | below)
    units = list(session.scalars(query.order_by(Unit.area_path, Unit.name).limit(MOST)))
    ids = [unit.id for unit in units]
    turns = _open_turns(session, ids)
    offers = _offers(session, [turn.id for each in turns.values() for turn in each])
    last = _last(session, ids)
    found = [Post(u, turns.get(u.id, ()), offers, last.get(u.id)) for u in units]
    return sorted(found, key=lambda post: (not post.empty, not post.turns))


def _open_turns(session: Session, unit_ids: Sequence[UUID]) -> dict[UUID, list[DutyTurn]]:
    query = select(DutyTurn).where(DutyTurn.unit_id.in_(unit_ids), DutyTurn.ended_at.is_(None))
    found: dict[UUID, list[DutyTurn]] = {}
    for turn in session.scalars(query.order_by(DutyTurn.since)):
        found.setdefault(turn.unit_id, []).append(turn)
    return found


def _offers(session: Session, turn_ids: Sequence[UUID]) -> dict[UUID, HandOver]:
    """The newest offer of each turn, answered or not."""
    query = select(HandOver).where(HandOver.turn_id.in_(turn_ids)).order_by(HandOver.offered_at)
    return {each.turn_id: each for each in session.scalars(query)}


def _last(session: Session, unit_ids: Sequence[UUID]) -> dict[UUID, DutyTurn]:
    query = (
        select(DutyTurn)
        .where(DutyTurn.unit_id.in_(unit_ids), DutyTurn.ended_at.is_not(None))
        .ext(distinct_on(DutyTurn.unit_id))
        .order_by(DutyTurn.unit_id, DutyTurn.ended_at.desc())
    )
    return {turn.unit_id: turn for turn in session.scalars(query)}
