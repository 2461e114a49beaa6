"""Verbs on an order that is out: amend, suspend, resume, cancel, recall; a hop is taken back.

Every change goes the way the order went: each hop has a notice of it, is called, and answers.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require, within
from gis.errors import Forbidden, Missing
from hazards.calls.program import as_program
from rescue_app.dispatch import calling, changes_repository, laying, repository, telling
from rescue_app.dispatch.changes import (
    BECOMES,
    ENDING,
    WHY_LENGTH,
    ChangeDraft,
    ChangeKind,
    OrderStanding,
    checked_change,
)
from rescue_app.dispatch.drafts import Words
from rescue_app.dispatch.members import giving
from rescue_app.dispatch.models import Assignment, Order, OrderChange
from rescue_app.dispatch.rules import RANK, HopKind, StepKind


def change(
    session: Session, *, order_id: UUID, draft: ChangeDraft, by: Actor, now: datetime
) -> Order:
    """Change an order for everybody who has it; the same id again is the same change."""
    seen = repository.visible(session, order_id)
    if seen is None:
        raise Missing("There is no such order in your area.")
    require(by, Act.ISSUE_ORDER, seen.area_path)
    order = changes_repository.locked_order(session, order_id)
    if changes_repository.change(session, draft.id) is not None:
        return order
    standing = OrderStanding(order.standing)
    draft = checked_change(draft, standing=standing, words=order.words, now=now)
    hops = changes_repository.hops_in_force(session, order_id)
    made = _keep(session, order, draft, by=by, now=now, path=order.area_path)
    if draft.words:
        if order.what != draft.words.what:
            order.what_en = ""  # a person's own words now
        if order.where != draft.words.where:
            order.where_en = ""
        order.what, order.where = draft.words.what, draft.words.where
        order.due_at = draft.words.due_at
    order.standing = BECOMES.get(draft.kind, standing)
    session.flush()
    _give(session, order, made, hops, by=by, now=now)
    return order


def take_back(
    session: Session, *, hop_id: UUID, draft: ChangeDraft, by: Actor, now: datetime
) -> Assignment:
    """Withdraw a hop and all below it; who gave it (or stands above) may, nobody else."""
    with as_program(session):
        repository.hold_order_of(session, hop_id, to_change=True)
    hops = repository.locked_below(session, hop_id)
    hop = next((found for found in hops if found.id == hop_id), None)
    order = repository.visible(session, hop.order_id) if hop else None
    if hop is None or order is None:
        raise Missing("There is no such order in your area.")
    require(by, Act.ISSUE_ORDER, hop.command_path)
    if not within(hop.giver_path, by.area_path):
        raise Forbidden("Only the centre that gave this order can take it back.")
    if changes_repository.change(session, draft.id) is None:
        made = _keep(session, order, draft, by=by, now=now, path=hop.giver_path, hop_id=hop.id)
        _give(session, order, made, hops, by=by, now=now)
    return hop


def alarm(
    session: Session, *, hop_id: UUID, seed: UUID, why: str, by: Actor, now: datetime
) -> None:
    """Call everybody away who has an order at the place of this one; their orders stand.

    A crew says it, so it is written as the program: who is alarmed may be another street's. A crew
    with several orders there hears it once.
    """
    with as_program(session):
        orders = changes_repository.orders_on_site(session, hop_id)
        hops = {each.id: changes_repository.hops_in_force(session, each.id) for each in orders}
        called = _once_each([hop for each in hops.values() for hop in each], first=hop_id)
        for order in orders:
            change_id = uuid5(seed, str(order.id))
            if changes_repository.change(session, change_id) is not None:
                continue
            crews = [hop for hop in hops[order.id] if hop.id in called]
            draft = ChangeDraft(change_id, ChangeKind.ALARMED, why[:WHY_LENGTH])
            made = _keep(session, order, draft, by=by, now=now, path=order.area_path)
            _give(session, order, made, crews, by=by, now=now)


def _once_each(hops: Sequence[Assignment], *, first: UUID) -> set[UUID]:
    """Give one hop of each crew: the one it spoke from, else the one where it has come furthest."""

    def nearness(hop: Assignment) -> tuple[bool, bool, int, UUID]:
        acts = hop.state not in giving.THROUGH
        return acts, hop.id == first, RANK.get(StepKind(hop.state), -1), hop.id

    crews = [hop for hop in hops if hop.holder == HopKind.CREW]
    return set({hop.crew_id: hop.id for hop in sorted(crews, key=nearness)}.values())


def _keep(
    session: Session,
    order: Order,
    draft: ChangeDraft,
    *,
    by: Actor,
    now: datetime,
    path: str,
    hop_id: UUID | None = None,
) -> OrderChange:
    made = OrderChange(
        id=draft.id,
        order_id=order.id,
        hop_id=hop_id,
        kind=draft.kind,
        before=_plain(order.words),
        after=_plain(draft.words or order.words),
        why=draft.why.strip(),
        by_id=by.id,
        by_name=by.name,
        by_phone=repository.phone_of(session, by.id),
        made_at=now,
        area_path=path,
    )
    session.add(made)
    session.flush()
    return made


def _plain(words: Words) -> dict[str, str | None]:
    due = words.due_at.isoformat() if words.due_at else None
    return {"what": words.what, "where": words.where, "due_at": due}


def _give(
    session: Session,
    order: Order,
    made: OrderChange,
    hops: Sequence[Assignment],
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Tell every hop and member: each has a notice, is called, and live pages follow."""
    parts = giving.concerned(session, hops)
    asked = [hop for hop in hops if hop.state not in giving.THROUGH]
    ids = {hop.id: uuid5(made.id, str(hop.id)) for hop in asked}
    rows = [
        {
            "id": ids[hop.id],
            "change_id": made.id,
            "assignment_id": hop.id,
            "order_id": order.id,
            "area_path": hop.area_path,
        }
        for hop in asked
    ]
    changes_repository.add_notices(session, rows)
    if made.kind in ENDING:
        _withdraw(session, made, hops, by=by, now=now)
    notices = {ids[hop.id]: hop for hop in asked}
    apart = {part.member_id for part in parts if part.state not in giving.THROUGH}
    calling.open_change(session, order, made, notices, apart=apart, by=by, now=now)
    giving.follow(session, order, made, parts, hops, by=by, now=now)
    paths = (made.area_path, *(hop.area_path for hop in hops))
    telling.spread(session, order.id, made.kind, hop=made.id, paths=paths, by=by)


def _withdraw(
    session: Session, made: OrderChange, hops: Sequence[Assignment], *, by: Actor, now: datetime
) -> None:
    rows = [{"id": hop.id, "step_id": uuid5(made.id, f"step {hop.id}")} for hop in hops]
    person = {"by_id": by.id, "by_name": made.by_name, "by_phone": made.by_phone}
    facts = person | {"kind": StepKind.WITHDRAWN, "now": now, "note": made.why}
    repository.add_steps(session, rows, facts)
    telling.settle(session, hops)
    laying.end(session, hops, why=made.why, by=by, now=now)
