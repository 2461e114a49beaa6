"""Where a crew is while it is on an order, for its chain only; its way for the wall's past."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid5

from shapely import Point
from sqlalchemy.orm import Session

from gis import crs
from gis.authority import Actor
from gis.errors import Conflict
from gis.store.notify import announce
from rescue_app.dispatch import repository as hops
from rescue_app.dispatch import telling
from rescue_app.dispatch.drafts import StepDraft
from rescue_app.dispatch.members import repository as parts
from rescue_app.dispatch.members import telling as members
from rescue_app.dispatch.members.models import MemberPart
from rescue_app.dispatch.models import Assignment
from rescue_app.dispatch.rules import How, StepKind, plausible
from rescue_app.site import repository, service
from rescue_app.site.rules import UNDER_WAY, Spot

TOPIC = "place"
SHARED = frozenset({StepKind.ACCEPTED, StepKind.MOVING, StepKind.ARRIVED, StepKind.WORKING})
ARRIVED_M = 150.0
"""How near the order's place a crew has arrived: an assumption, wider than a phone's error."""
SURE_M = 100.0
SCANNED_M = 300.0
"""How far from an order's place an asset may stand whose label proves that a crew is there."""


def share(
    session: Session, *, hop_id: UUID, spots: Sequence[Spot], by: Actor, now: datetime
) -> Assignment:
    """Keep where a crew was last; who comes near enough to the place has arrived."""
    hop = service.held(session, hop_id, by)
    part = parts.own_of(session, hop.id, by.id)
    if hop.state not in SHARED and (part is None or part.state not in SHARED):
        raise Conflict("Your place is shared only while you are on an order.")
    timed = [
        Spot(
            spot.place, spot.accuracy_m, plausible(spot.at, hop_began=hop.began_at, arrived_at=now)
        )
        for spot in spots
    ]
    last = max(timed, key=lambda spot: spot.at)
    repository.keep_place(session, hop, last, by=by, now=now)
    repository.keep_track(session, hop, timed, by=by, now=now)
    announce(session, topic=TOPIC, kind="moved", ref=hop.order_id, area_path=hop.area_path,
             also=(hop.giver_path,))  # fmt: skip
    here = next((spot for spot in timed if _is_there(session, hop, spot)), None)
    return hop if here is None else _arrived(session, hop, part, here, by=by, now=now)


def _arrived(
    session: Session,
    hop: Assignment,
    part: MemberPart | None,
    here: Spot,
    *,
    by: Actor,
    now: datetime,
) -> Assignment:
    """Who is near enough has arrived: he himself, and with him his crew."""
    step = StepDraft(
        uuid5(hop.id, How.GEOFENCE), StepKind.ARRIVED, "", here.at, here.place, how=How.GEOFENCE
    )
    if part is not None and part.state in UNDER_WAY:
        own = replace(step, id=uuid5(part.id, How.GEOFENCE))
        members.keep(session, part, own, by=by, now=now)
    if hop.state not in UNDER_WAY:
        return hop
    return telling.tell(session, hop_id=hop.id, step=step, by=by, now=now)


def _is_there(session: Session, hop: Assignment, spot: Spot) -> bool:
    if spot.accuracy_m > SURE_M:
        return False
    order = hops.visible(session, hop.order_id)
    return (
        order is not None
        and order.place is not None
        and _apart_m(order.place, spot.place) <= ARRIVED_M
    )


def scanned(
    session: Session,
    *,
    hop_id: UUID,
    step_id: UUID,
    asset: Point,
    done_at: datetime,
    by: Actor,
    now: datetime,
) -> Assignment:
    """A crew scanned the label of an asset at its order's place: it has arrived."""
    hop = service.held(session, hop_id, by)
    order = hops.visible(session, hop.order_id)
    place = order.place if order else None
    if place is None or _apart_m(place, asset) > SCANNED_M:
        raise Conflict("This label does not hang at the place of your order. Say it by hand.")
    step = StepDraft(step_id, StepKind.ARRIVED, "", done_at, asset, how=How.SCAN)
    part = parts.own_of(session, hop.id, by.id)
    if part is not None and part.state in UNDER_WAY:
        members.keep(session, part, step, by=by, now=now)
    if part is not None and hop.state not in UNDER_WAY:
        return hop
    return telling.tell(session, hop_id=hop.id, step=step, by=by, now=now)


def _apart_m(one: Point, other: Point) -> float:
    return float(crs.distance_m(one.x, one.y, other.x, other.y))
