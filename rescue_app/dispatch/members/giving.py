"""Parts are given to members, and follow what becomes of the order; each answers for himself."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.errors import Conflict, Forbidden, Missing, Rejected
from hazards.calls.program import as_program
from hazards.duty import people
from hazards.duty.models import Member
from rescue_app.dispatch import repository as orders
from rescue_app.dispatch.changes import ENDING, WHY_LENGTH, ChangeKind, OrderStanding
from rescue_app.dispatch.drafts import PartDraft
from rescue_app.dispatch.members import calling, giver, repository, telling
from rescue_app.dispatch.members.models import MemberPart
from rescue_app.dispatch.members.rules import ENDED, checked_parts
from rescue_app.dispatch.models import Assignment, Order, OrderChange
from rescue_app.dispatch.rules import HopKind, StepKind

# Who is done, or said that he cannot, has nothing to change.
THROUGH = frozenset({*ENDED, StepKind.CANNOT})


@dataclass(frozen=True, slots=True)
class News:
    """What members are told: of a change of the order, or (without one) of their part alone."""

    kind: ChangeKind
    why: str
    said: tuple[str, str]
    change_id: UUID | None = None
    before: Mapping[str, str | None] | None = None
    after: Mapping[str, str | None] | None = None
    """The words of a part that was changed for itself."""


def give(
    session: Session,
    *,
    hop_id: UUID,
    send_id: UUID,
    parts: Sequence[PartDraft],
    by: Actor,
    now: datetime,
) -> Assignment:
    """Give members of a crew their parts; the same send again gives nothing twice."""
    hop, order = held(session, hop_id, by)
    giver.require_orders(session, hop, by)
    if hop.state in ENDED or order.standing == OrderStanding.ENDED:
        raise Conflict("This order is over for the crew. There is nothing to give.")
    seated = _seated(session, hop)
    known = repository.of_hop(session, hop.id)
    sent = {one.id for one in known}
    fresh = [one for one in parts if uuid5(send_id, str(one.member_id)) not in sent]
    if parts and not fresh:
        return hop
    busy = {one.member_id for one in known if one.state not in ENDED}
    checked = checked_parts(fresh, seated=seated.keys(), busy=busy, now=now)
    hand_out(session, order, hop, checked, seated, send_id=send_id, by=by, now=now)
    return hop


def give_named(
    session: Session,
    order: Order,
    hop: Assignment,
    named: Sequence[PartDraft],
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Give the members whom an order names their parts; who has one keeps it."""
    with as_program(session):
        orders.locked(session, hop.id)  # their leader may be giving them parts
        seated = _seated(session, hop)
        have = {one.member_id for one in repository.of_hop(session, hop.id)}
    fresh = [one for one in named if one.member_id in seated and one.member_id not in have]
    hand_out(session, order, hop, fresh, seated, send_id=hop.id, by=by, now=now)


def hand_out(
    session: Session,
    order: Order,
    hop: Assignment,
    parts: Sequence[PartDraft],
    seated: Mapping[UUID, Member],
    *,
    send_id: UUID,
    by: Actor,
    now: datetime,
) -> None:
    """Write the parts, call their members and tell live pages."""
    phone = orders.phone_of(session, by.id)
    shared = {
        "order_id": order.id,
        "assignment_id": hop.id,
        "area_path": hop.area_path,
        "giver_path": hop.giver_path,
        "giver_id": by.id,
        "giver_name": by.name,
        "giver_phone": phone,
        "began_at": now,
        "answer_due_at": now + timedelta(seconds=order.answer_within_s),
        "state": StepKind.QUEUED,
        "state_at": now,
    }
    rows = [_row(one, seated[one.member_id], send_id) | shared for one in parts]
    made = repository.add_parts(session, rows)
    given = [repository.part(session, part_id) for part_id in sorted(made)]
    fresh = [one for one in given if one is not None]
    _log(session, fresh, StepKind.QUEUED, "", seed=send_id, by=by, phone=phone, now=now)
    calling.open_for(session, order, [(one, hop) for one in fresh], now=now)
    for one in fresh[:1]:
        telling.spread(session, one, "given", by=by)


def _row(draft: PartDraft, member: Member, send_id: UUID) -> dict[str, Any]:
    return {
        "id": uuid5(send_id, str(member.id)),
        "member_id": member.id,
        "account_id": member.account_id,
        "name": member.name,
        "phone": member.phone,
        "words": draft.words,
        "due_at": draft.due_at,
    }


def _seated(session: Session, hop: Assignment) -> dict[UUID, Member]:
    crews = [hop.crew_id] if hop.crew_id else []
    return {one.id: one for seats in people.seated(session, crews).values() for one in seats}


def held(session: Session, hop_id: UUID, by: Actor) -> tuple[Assignment, Order]:
    """Hold a crew's hop in which this person gives parts: its leader, or who gave the order."""
    with as_program(session):
        orders.hold_order_of(session, hop_id)
    hop = orders.locked(session, hop_id)
    order = orders.visible(session, hop.order_id) if hop else None
    if hop is None or order is None:
        raise Missing("There is no such order in your area.")
    if hop.holder != HopKind.CREW or hop.crew_id is None:
        raise Rejected("Only a crew has members. Pass the order down to a crew first.")
    if not giver.may_give(session, hop, by):
        raise Forbidden("Who leads the crew gives its members their parts, or who sent the crew.")
    return hop, order


def take_back(
    session: Session, *, part_id: UUID, notice_id: UUID, why: str, by: Actor, now: datetime
) -> MemberPart:
    """Take one member's part back; he owes an answer that he heard it."""
    seen = repository.part(session, part_id)
    if seen is None:
        raise Missing("There is no such part in your area.")
    hop, order = held(session, seen.assignment_id, by)
    part = repository.locked(session, part_id)
    if part is not None and part.state not in ENDED:
        end_part(session, order, hop, part, notice_id=notice_id, why=why, by=by, now=now)
    return seen


def end_part(
    session: Session,
    order: Order,
    hop: Assignment,
    part: MemberPart,
    *,
    notice_id: UUID,
    why: str,
    by: Actor,
    now: datetime,
) -> None:
    """Withdraw one part, and call its member about that alone."""
    kind, why = ChangeKind.CANCELLED, why.strip()[:WHY_LENGTH]
    said = calling.change_words(kind, order, change=None, why=why)
    asked = {notice_id: (part, hop)} if part.state not in THROUGH else {}
    tell_members(session, order, asked, News(kind, why, said), by=by, now=now)
    _withdraw(session, [part], notice_id, why, by=by, now=now)


def concerned(session: Session, hops: Collection[Assignment]) -> list[MemberPart]:
    """Hold the parts whose members a change of these hops concerns, whatever they said of it."""
    return repository.held_in_force(session, [hop.id for hop in hops if hop.crew_id])


def follow(
    session: Session,
    order: Order,
    change: OrderChange,
    parts: Sequence[MemberPart],
    hops: Sequence[Assignment],
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Let a change of an order reach the members: each has a notice, is called, and answers."""
    by_id = {hop.id: hop for hop in hops}
    kind = ChangeKind(change.kind)
    asked = [one for one in parts if one.state not in THROUGH]
    notices = {uuid5(change.id, str(one.id)): (one, by_id[one.assignment_id]) for one in asked}
    said = calling.change_words(kind, order, change=change, why=change.why)
    news = News(kind, change.why, said, change.id)
    tell_members(session, order, notices, news, by=by, now=now)
    if kind in ENDING and parts:
        _withdraw(session, parts, change.id, change.why, by=by, now=now)


def tell_members(
    session: Session,
    order: Order,
    notices: Mapping[UUID, tuple[MemberPart, Assignment]],
    news: News,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Give each of these members a notice that he owes an answer to, and call him about it."""
    rows = [
        {
            "id": notice_id,
            "part_id": part.id,
            "order_id": order.id,
            "change_id": news.change_id,
            "area_path": part.area_path,
            "kind": news.kind,
            "why": news.why,
            "by_name": by.name,
            "made_at": now,
            "before": news.before,
            "after": news.after,
        }
        for notice_id, (part, _) in notices.items()
    ]
    repository.add_notices(session, rows)
    calling.open_change(session, order, news.kind, notices, said=news.said, now=now)


def _withdraw(
    session: Session, parts: Sequence[MemberPart], seed: UUID, why: str, *, by: Actor, now: datetime
) -> None:
    phone = orders.phone_of(session, by.id)
    _log(session, parts, StepKind.WITHDRAWN, why, seed=seed, by=by, phone=phone, now=now)
    telling.settle(session, parts)
    calling.end(session, parts, why=why, by=by, now=now)
    for one in parts[:1]:
        telling.spread(session, one, StepKind.WITHDRAWN, by=by)


def _log(
    session: Session,
    parts: Sequence[MemberPart],
    kind: StepKind,
    note: str,
    *,
    seed: UUID,
    by: Actor,
    phone: str,
    now: datetime,
) -> None:
    """Add the same line to many logs, each under a number made from its cause."""
    shared = {"kind": kind, "by_id": by.id, "by_name": by.name, "by_phone": phone, "note": note}
    rows = [
        {
            "id": uuid5(seed, f"{kind} {one.id}"),
            "part_id": one.id,
            "order_id": one.order_id,
            "area_path": one.area_path,
            "done_at": now,
            "received_at": now,
        }
        | shared
        for one in parts
    ]
    repository.add_steps(session, rows)
