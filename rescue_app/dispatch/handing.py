"""Gives hops to who is to hold them, however many at once; their people are called after that."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.errors import Missing
from rescue_app.dispatch import laying_repository, repository, targets, telling
from rescue_app.dispatch.drafts import PartDraft, Target
from rescue_app.dispatch.members import giving
from rescue_app.dispatch.models import Assignment, Order
from rescue_app.dispatch.rules import GONE, StepKind


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
    to: Collection[Target],
    *,
    inside: str,
    giver: Giver,
    by: Actor,
    now: datetime,
    replaces: UUID | None = None,
) -> None:
    """Make a hop for each crew and unit in the giver's area, or refuse all of them.

    Live pages are told; people are called by `laying`.
    """
    facts = {
        "order_id": order.id,
        "parent_id": parent.id if parent else None,
        "inside": inside,
        "giver_path": giver.path,
        "giver_name": giver.name,
        "giver_phone": giver.phone,
        "replaces_id": replaces,
        "now": now,
    }
    count, areas = repository.add_hops(session, to, facts)
    if count < len(to):
        targets.resolve(session, to, inside=inside)  # says of whom it is refused, and why
        raise Missing(targets.NOT_THERE)
    laying_repository.add_due(session, order.id, area_path=giver.path, now=now)
    kind = StepKind.PASSED_DOWN if parent else "issued"
    at = parent.id if parent else order.id
    telling.spread(session, order.id, kind, hop=at, paths=(giver.path, *areas), by=by)


def name_members(
    session: Session,
    order: Order,
    parent: Assignment | None,
    named: Mapping[UUID, Sequence[PartDraft]],
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Give members who are named, by crew, their parts of the hop that their crew has."""
    above = parent.id if parent else None
    for hop in repository.given(session, order.id, above) if named else ():
        if hop.crew_id and hop.state not in GONE and (parts := named.get(hop.crew_id)):
            giving.give_named(session, order, hop, parts, by=by, now=now)


def giver_of(session: Session, by: Actor, path: str) -> Giver:
    """Give in whose name this person gives for a centre."""
    return Giver(path, by.name, repository.phone_of(session, by.id))
