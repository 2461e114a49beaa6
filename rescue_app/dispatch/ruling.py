"""The giver's word on a counter-proposal: taken in one tap, or declined with a reason.

Taken, the hop is replaced by another one beside it: of who was proposed (or of the same
holder), with the proposed time and means as words of its own. What was said stays in the log.
"""

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require, within
from gis.errors import Conflict, Forbidden, Missing, Rejected
from hazards.calls.program import as_program
from rescue_app.dispatch import (
    changing,
    handing,
    laying,
    offering,
    repository,
    service,
    targets,
    telling,
)
from rescue_app.dispatch.changes import ChangeDraft, ChangeKind, OrderStanding
from rescue_app.dispatch.drafts import Holder, Target
from rescue_app.dispatch.members import giving
from rescue_app.dispatch.models import Assignment, AssignmentStep, Order
from rescue_app.dispatch.rules import GONE, StepKind


def take(session: Session, *, hop_id: UUID, offer_id: UUID, by: Actor, now: datetime) -> Assignment:
    """Take a proposal: the substitute gets the order, once, however often it is pressed."""
    hop, said = _held(session, hop_id, offer_id, by)
    if _ruled_already(session, offer_id, StepKind.REPLACED):
        return hop
    order = _open(session, hop, said)
    holder = _substitute(session, hop, said)
    _rule(session, hop, said, StepKind.REPLACED, why=holder.name, by=by, now=now)
    laying.end(session, [hop], why="", by=by, now=now)
    for part in giving.concerned(session, [hop]):
        notice_id, why = uuid5(offer_id, str(part.id)), holder.name
        giving.end_part(session, order, hop, part, notice_id=notice_id, why=why, by=by, now=now)
    for below in repository.given(session, order.id, hop.id):
        if below.state not in GONE:
            draft = ChangeDraft(uuid5(offer_id, str(below.id)), ChangeKind.CANCELLED)
            changing.take_back(session, hop_id=below.id, draft=draft, by=by, now=now)
    parent = repository.hop(session, hop.parent_id) if hop.parent_id else None
    fresh = service.without_it(session, order.id, parent, [holder])
    giver = handing.giver_of(session, by, hop.giver_path)
    if fresh:
        inside = hop.giver_path
        handing.hand_down(
            session, order, parent, fresh, inside=inside, giver=giver, by=by, now=now,
            replaces=hop.id,
        )  # fmt: skip
    return hop


def decline(
    session: Session, *, hop_id: UUID, offer_id: UUID, why: str, by: Actor, now: datetime
) -> Assignment:
    """Decline a proposal: the hop stays returned, and who proposed reads why."""
    hop, said = _held(session, hop_id, offer_id, by)
    if not why.strip():
        raise Rejected("Say why not: who proposed it has to find another way.")
    if not _ruled_already(session, offer_id, StepKind.DECLINED):
        _open(session, hop, said)
        _rule(session, hop, said, StepKind.DECLINED, why=why.strip(), by=by, now=now)
    return hop


def _held(
    session: Session, hop_id: UUID, offer_id: UUID, by: Actor
) -> tuple[Assignment, AssignmentStep]:
    """Hold a hop on whose proposal this person may rule: who gave it, or who stands above."""
    with as_program(session):
        repository.hold_order_of(session, hop_id, to_change=True)
    hop = repository.locked(session, hop_id)
    said = repository.step(session, offer_id)
    if hop is None or said is None or said.assignment_id != hop.id or said.offer is None:
        raise Missing("There is no such proposal in your area.")
    require(by, Act.ISSUE_ORDER, hop.command_path)
    if not within(hop.giver_path, by.area_path):
        raise Forbidden("Only the centre that gave this order rules on the proposal.")
    return hop, said


def _ruled_already(session: Session, offer_id: UUID, kind: StepKind) -> bool:
    known = repository.step(session, uuid5(offer_id, "ruled"))
    if known is not None and known.kind != kind:
        raise Conflict("Somebody has ruled on this proposal already. Reload the page.")
    return known is not None


def _open(session: Session, hop: Assignment, said: AssignmentStep) -> Order:
    order = service.visible(session, hop.order_id)
    session.refresh(order)  # the hop was waited for: meanwhile the order may have ended
    if hop.offer_id != said.id or order.standing == OrderStanding.ENDED:
        raise Conflict("This proposal is no longer open. Reload the page.")
    return order


def _substitute(session: Session, hop: Assignment, said: AssignmentStep) -> Holder:
    """Give who gets the order instead, with what was proposed as words of his own."""
    offer = offering.proposed(said)
    target = (said.offer or {}).get("target") or offering.own(hop).value
    words = offer.means or hop.part, offer.due_at or hop.part_due_at
    (holder,) = targets.resolve(session, [Target.parse(target, *words)], inside=hop.giver_path)
    return holder


def _rule(
    session: Session,
    hop: Assignment,
    said: AssignmentStep,
    kind: StepKind,
    *,
    why: str,
    by: Actor,
    now: datetime,
) -> None:
    """Write the ruling into the hop's log; its id is the proposal's, so there is one."""
    row = {
        "id": uuid5(said.id, "ruled"),
        "assignment_id": hop.id,
        "order_id": hop.order_id,
        "area_path": hop.area_path,
        "kind": kind,
        "by_id": by.id,
        "by_name": by.name,
        "by_phone": repository.phone_of(session, by.id),
        "done_at": now,
        "received_at": now,
        "note": why,
        "about_id": said.id,
    }
    repository.add_step_once(session, row)
    telling.settle(session, [hop])
    paths = (hop.area_path, hop.giver_path)
    telling.spread(session, hop.order_id, kind, hop=hop.id, paths=paths, by=by)
