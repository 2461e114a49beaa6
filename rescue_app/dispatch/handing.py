"""Gives hops to who is to hold them: written at once, however many, and their people called."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.store.engine import keep_plans
from gis.store.together import meanwhile
from hazards.calls import service as calls
from rescue_app.dispatch import calling, repository, telling
from rescue_app.dispatch.drafts import Holder
from rescue_app.dispatch.members import giving
from rescue_app.dispatch.models import Assignment, Order
from rescue_app.dispatch.rules import StepKind


@dataclass(frozen=True, slots=True)
class Giver:
    """In whose name a hop is given: to him the answers go, and he may take it back."""

    path: str
    name: str
    phone: str


def hand_down(
    session: Session,
    order: Order,
    parent: Assignment | None,
    holders: Sequence[Holder],
    *,
    giver: Giver,
    by: Actor,
    now: datetime,
    replaces: UUID | None = None,
) -> None:
    """Make a hop for each holder, call its people, and tell live pages."""
    facts = {
        "order_id": order.id,
        "parent_id": parent.id if parent else None,
        "giver_path": giver.path,
        "giver_name": giver.name,
        "giver_phone": giver.phone,
        "replaces_id": replaces,
        "now": now,
        "answer_due_at": now + timedelta(seconds=order.answer_within_s),
    }
    person = {"by_id": by.id, "by_name": giver.name, "by_phone": giver.phone}
    people = calling.people_of(session, holders, giver_path=giver.path)
    keep_plans(session)
    with meanwhile(session):  # hops are written while their calls are laid out
        rows = repository.add_hops(session, holders, facts)
        said = person | {"kind": StepKind.QUEUED, "now": now, "note": ""}
        repository.add_steps(session, rows, said)
        hops = {row["id"]: holder for row, holder in zip(rows, holders, strict=True)}
        opener = giver.path, giver.name
        rings = calling.laid_out(order, hops, people, opener=opener, now=now)
    calls.open_rows(session, rings, now=now)
    for hop_id, holder in hops.items():
        if holder.members and (hop := repository.hop(session, hop_id)):
            giving.give_named(session, order, hop, holder.members, by=by, now=now)
    kind = StepKind.PASSED_DOWN if parent else "issued"
    paths = (giver.path, *(holder.area_path for holder in holders))
    at = parent.id if parent else order.id
    telling.spread(session, order.id, kind, hop=at, paths=paths, by=by)


def giver_of(session: Session, by: Actor, path: str) -> Giver:
    """Give in whose name this person gives for a centre."""
    return Giver(path, by.name, repository.phone_of(session, by.id))
