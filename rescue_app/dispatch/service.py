"""Verbs of the cascade: issue and pass down. What is said about hops is in `telling`."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from gis.authority import Act, Actor, require
from gis.errors import Conflict, Forbidden, Missing
from hazards.calls.program import as_program
from hazards.duty import abilities
from hazards.duty import repository as duty
from rescue_app.dispatch import handing, laying, repository, targets, telling
from rescue_app.dispatch.calling import Said
from rescue_app.dispatch.changes import OrderStanding
from rescue_app.dispatch.drafts import (
    Holder,
    OrderDraft,
    StepDraft,
    Target,
    check_ahead,
    checked_order,
    somebody,
)
from rescue_app.dispatch.models import Assignment, Order
from rescue_app.dispatch.rules import GONE, HopKind, StepKind
from rescue_app.incidents import service as incidents
from rescue_app.incidents.models import Incident

TOPIC = "order"


def issue(
    session: Session, *, draft: OrderDraft, by: Actor, now: datetime, synthetic: bool = False
) -> Order:
    """Issue an order to all its targets at once; however often it is pressed, it is one order.

    What is refused may have been written in part: who goes on after that rolls it back.
    """
    if repository.visible(session, draft.id) is None:
        checked_order(draft, now=now)  # pressed again, its deadline may have passed
    require(by, Act.ISSUE_ORDER, by.area_path)
    if draft.crew_needs:
        abilities.check_known(session, draft.crew_needs)
    incident = incidents.visible(session, draft.incident_id) if draft.incident_id else None
    drill = draft.is_drill or (incident is not None and incident.is_drill)
    row = _order_row(session, draft, by, now) | {"is_drill": drill, "synthetic": synthetic}
    row |= _where(session, draft, incident, now)
    if repository.add_order_once(session, row):
        order = visible(session, draft.id)
        giver = handing.Giver(order.area_path, by.name, order.issuer_phone)
        to, named = targets.addressed(session, draft.targets)
        inside = by.area_path
        handing.hand_down(session, order, None, to, inside=inside, giver=giver, by=by, now=now)
        handing.name_members(session, order, None, named, by=by, now=now)
        return order
    known = repository.visible(session, draft.id)
    if known is None or known.fingerprint != draft.fingerprint:
        raise Conflict(
            "This order went out already, with other words. Open it, or write a new one."
        )
    return known


def _where(
    session: Session, draft: OrderDraft, incident: Incident | None, now: datetime
) -> dict[str, str]:
    """Keep the place in both languages where it is the one that the form proposed."""
    written = draft.where.strip()
    known = incidents.place_words(session, incident, day=day_of(now)) if incident else ("", "")
    zh, en = known if written in known else (written, "")
    return {"where": zh, "where_en": en}


def visible(session: Session, order_id: UUID) -> Order:
    """Give an order, or say that there is none."""
    order = repository.visible(session, order_id)
    if order is None:
        raise Missing("There is no such order in your area.")
    return order


def pass_down(
    session: Session,
    *,
    hop_id: UUID,
    step_id: UUID,
    to: Collection[Target],
    by: Actor,
    now: datetime,
    note: str = "",
) -> Assignment:
    """Hand an order on to the next level; who has it already from this hop gets it once."""
    with as_program(session):
        repository.hold_order_of(session, hop_id)
    hop = _held(session, hop_id, by)
    if hop.holder == HopKind.CREW:
        raise Forbidden("A crew is on site: it answers and reports, it does not pass on.")
    order = visible(session, hop.order_id)
    if hop.state in GONE or order.standing == OrderStanding.ENDED:
        raise Conflict("This order was taken back. There is nothing to pass down.")
    if repository.step(session, step_id) is None:
        check_ahead(*(target.due_at for target in to), now=now)
    found = targets.resolve(session, somebody(to), inside=hop.area_path)
    fresh = without_it(session, hop.order_id, hop, found)
    row = _step_row(session, hop, by, now) | {
        "id": step_id,
        "kind": StepKind.PASSED_DOWN,
        "done_at": now,
        "note": note.strip(),
    }
    if fresh and _add_once(session, row):
        telling.settle(session, [hop])
        with as_program(session):
            laying.hear(session, [Said(hop, StepDraft(step_id, StepKind.PASSED_DOWN), by, now)])
        giver = handing.giver_of(session, by, hop.area_path)
        handing.hand_down(
            session, order, hop, fresh, inside=hop.area_path, giver=giver, by=by, now=now
        )
    named = {one.crew_id: one.members for one in found if one.crew_id and one.members}
    handing.name_members(session, order, hop, named, by=by, now=now)
    return hop


def without_it(
    session: Session, order_id: UUID, hop: Assignment | None, holders: Sequence[Holder]
) -> list[Target]:
    """Leave out who has the order from this hop (or its issuer) already, and the hop itself."""
    have = {
        (child.unit_id, child.crew_id)
        for child in repository.given(session, order_id, hop.id if hop else None)
        if child.state not in GONE
    }
    have |= {(hop.unit_id, None)} if hop else set()
    return [one.target for one in holders if (one.unit_id, one.crew_id) not in have]


def _held(session: Session, hop_id: UUID, by: Actor) -> Assignment:
    hop = repository.locked(session, hop_id)
    if hop is None:
        raise Missing("There is no such order in your area.")
    require(by, Act.ANSWER_ORDER, hop.area_path)
    if not telling.holds(session, by, hop):
        raise Forbidden("{name} answers for itself; nobody can do it in its place.", name=hop.name)
    return hop


def _add_once(session: Session, row: dict[str, Any]) -> bool:
    if repository.add_step_once(session, row):
        return True
    known = repository.step(session, row["id"])
    same = known and (known.assignment_id, known.kind) == (row["assignment_id"], row["kind"])
    if not same:
        raise Conflict("This step's number is taken. Reload the page and press again.")
    return False


def _person(session: Session, by: Actor) -> dict[str, Any]:
    return {"by_id": by.id, "by_name": by.name, "by_phone": repository.phone_of(session, by.id)}


def _step_row(session: Session, hop: Assignment, by: Actor, now: datetime) -> dict[str, Any]:
    return _person(session, by) | {
        "assignment_id": hop.id,
        "order_id": hop.order_id,
        "area_path": hop.area_path,
        "received_at": now,
    }


def _order_row(session: Session, draft: OrderDraft, by: Actor, now: datetime) -> dict[str, Any]:
    centre = duty.centre_of(session, by.area_path)
    return {
        "id": draft.id,
        "incident_id": draft.incident_id,
        "what": draft.what.strip(),
        "what_en": draft.what_en,
        "checklist": list(draft.checklist),
        "crew_needs": list(draft.crew_needs),
        "place": draft.place,
        "due_at": draft.due_at,
        "urgency": draft.urgency,
        "answer_within_s": draft.within_s,
        "area_path": by.area_path,
        "issued_by": by.id,
        "issuer_name": by.name,
        "issuer_phone": repository.phone_of(session, by.id),
        "issuer_centre": centre.name if centre else "",
        "issuer_centre_en": centre.name_en if centre else "",
        "issued_at": now,
        "fingerprint": draft.fingerprint,
    }
