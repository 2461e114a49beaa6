"""The one tap: everything that was chosen goes out in one transaction, exactly once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require, within
from gis.errors import Conflict, Missing, Rejected
from gis.store import audit
from rescue_app.dispatch import service as dispatch
from rescue_app.dispatch.checklist import Item, items_of
from rescue_app.dispatch.drafts import OrderDraft, Target
from rescue_app.dispatch.rules import Urgency
from rescue_app.incidents import service as incidents
from rescue_app.incidents.models import Incident
from rescue_app.plans import service as plans
from rescue_app.plans.rules import LEVELS, Action, at_level
from rescue_app.proposals import repository, rules
from rescue_app.proposals.models import OrderBatch
from rescue_app.proposals.rules import ADDED, ActionDraft, BatchDraft


@dataclass(frozen=True, slots=True)
class Issued:
    """The issue that stands now; `mine` says whether it is the one that was pressed."""

    batch: OrderBatch
    mine: bool


def issue(session: Session, *, draft: BatchDraft, by: Actor, now: datetime) -> Issued:
    """Issue all chosen actions, or give the issue that somebody else made meanwhile.

    The same press again is the same issue. Who saw less than what is issued by now issues
    nothing: he is shown what went out before him.
    """
    rules.checked(draft)
    require(by, Act.ISSUE_ORDER, by.area_path)
    incident = incidents.visible(session, draft.incident_id)
    repository.hold(session, incident.id, draft.district_path)  # one press after the other
    known = repository.batch(session, draft.id)
    if known is not None:
        if known.fingerprint != draft.fingerprint:
            raise Conflict("This was issued already, with other words. Open the proposal again.")
        return Issued(known, mine=True)
    before = repository.batches(session, [incident.id], district_path=draft.district_path)
    unseen = [one for one in before if one.id not in draft.seen]
    if unseen:
        return Issued(unseen[0], mine=False)
    check(session, draft, incident, by)
    return Issued(_sent(session, draft, incident, by=by, now=now), mine=True)


def check(session: Session, draft: BatchDraft, incident: Incident, by: Actor) -> None:
    """Refuse what is not of this incident, this district, or this plan at this level."""
    if not incident.is_open:
        raise Conflict("This incident is over or joined with another. Nothing goes out for it.")
    if draft.district_path not in incident.district_paths:
        raise Missing("This incident lies in no district. Check its place.")
    if not (within(draft.district_path, by.area_path) or within(by.area_path, draft.district_path)):
        raise Missing("There is no such area for you.")
    if draft.level not in LEVELS:
        raise Rejected("A response level is I, II, III or IV.")
    asked = {one.code for one in draft.actions if not one.code.startswith(ADDED)}
    if asked - planned(session, draft).keys():
        raise Rejected("The plan has changed. Open the proposal again.")
    if asked & repository.issued(session, incident.id, draft.district_path).keys():
        raise Conflict("One of these actions is issued already. Open the proposal again.")


def planned(session: Session, draft: BatchDraft) -> dict[str, Action]:
    """Give what the plan that was shown asks for at this level, by its codes."""
    if draft.plan_version is None:
        return {}
    plan = plans.version_of(session, draft.plan_type, draft.plan_version)
    return {one.code: one for one in at_level(plans.entry_of(plan).as_actions(), draft.level)}


def _sent(
    session: Session, draft: BatchDraft, incident: Incident, *, by: Actor, now: datetime
) -> OrderBatch:
    batch = _batch(draft, incident, by=by, now=now)
    session.add(batch)
    session.flush()  # its orders point at it
    asked = planned(session, draft)
    rows = [
        _ordered(
            session,
            draft,
            batch,
            action,
            place=position,
            incident=incident,
            by=by,
            now=now,
            asked=asked.get(action.code),
        )
        for position, action in enumerate(draft.actions)
    ]
    repository.add_lines(session, rows)
    facts = {"incident": incident.id, "level": batch.level, "orders": len(rows)}
    audit.record(session, act="order.batch", subject=batch.id, area_path=batch.area_path, **facts)
    return batch


def _batch(draft: BatchDraft, incident: Incident, *, by: Actor, now: datetime) -> OrderBatch:
    inside = within(incident.area_path, draft.district_path)
    return OrderBatch(
        id=draft.id,
        incident_id=incident.id,
        district_path=draft.district_path,
        area_path=incident.area_path if inside else draft.district_path,
        giver_path=by.area_path,
        plan_type=draft.plan_type,
        plan_version=draft.plan_version,
        level=draft.level,
        issued_by=by.id,
        issuer_name=by.name,
        issued_at=now,
        fingerprint=draft.fingerprint,
        left_out=list(draft.left_out),
        is_drill=incident.is_drill,
        synthetic=incident.synthetic,
    )


def _ordered(
    session: Session,
    draft: BatchDraft,
    batch: OrderBatch,
    action: ActionDraft,
    *,
    place: int,
    incident: Incident,
    by: Actor,
    now: datetime,
    asked: Action | None,
) -> dict[str, Any]:
    """Send one action as an order, and give the row that says it belongs to this issue."""
    code = f"{ADDED}{batch.id}_{place}" if action.code.startswith(ADDED) else action.code
    order = OrderDraft(
        id=uuid5(batch.id, code),
        what=action.what,
        what_en=_english(asked, action.what),
        checklist=_items(asked, action),
        crew_needs=asked.crew if asked else (),
        where=draft.where,
        urgency=Urgency(draft.urgency),
        targets=Target.parse_all(action.targets),
        incident_id=incident.id,
        place=incident.place,
        due_at=now + timedelta(minutes=action.within_min),
    )
    dispatch.issue(session, draft=order, by=by, now=now, synthetic=incident.synthetic)
    return {
        "order_id": order.id,
        "batch_id": batch.id,
        "incident_id": incident.id,
        "district_path": batch.district_path,
        "area_path": batch.area_path,
        "position": place,
        "action": code,
        "step": action.step,
        "within_min": action.within_min,
        "proposed": dict(action.proposed),
    }


def _items(asked: Action | None, action: ActionDraft) -> tuple[Item, ...]:
    """Give what is ticked on site: the plan's own, without what the commander took out."""
    known = asked.checklist if asked else ()
    return known if action.items is None else items_of(action.items, known)


def _english(asked: Action | None, what: str) -> str:
    """Give the plan's English beside its own words; what a commander wrote has none."""
    return asked.en.strip() if asked and asked.zh.strip() == what.strip() else ""


def visible(session: Session, batch_id: UUID) -> OrderBatch:
    """Give an issue, or say that there is none."""
    batch = repository.batch(session, batch_id)
    if batch is None:
        raise Missing("There is no such issue in your area.")
    return batch
