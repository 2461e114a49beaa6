"""What those who work here see on a scan, beside the list: whom to call, which way, what helps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, Role, may
from gis.store.base import new_id
from qr_codes import chain
from qr_codes.assets import linking
from qr_codes.assets.linking import Linked
from qr_codes.assets.models import Asset
from qr_codes.stores import repository as stores
from qr_codes.stores.repository import Near
from qr_codes.traffic import drawing, repository
from qr_codes.traffic.drawing import Drawing
from qr_codes.traffic.models import AssetClosure, TrafficPlan
from rescue_app.dispatch.members.models import MemberPart
from rescue_app.dispatch.models import Assignment, Order
from rescue_app.site import repository as sites
from rescue_app.web.render import LOCAL_ZONE


@dataclass(frozen=True)
class Way:
    """Whether the way is closed, and how to get around."""

    closure: AssetClosure | None
    plan: TrafficPlan | None
    drawing: Drawing | None


@dataclass(frozen=True)
class Roles:
    """What people at work find beside the list.

    `closed` are those of the linked that are; `orders` those to which the asker's crew is on its
    way, each with his own part in it and a number for the word that it has arrived.
    """

    rungs: Sequence[chain.Rung]
    links: Sequence[Linked]
    closed: frozenset[UUID]
    stores: Sequence[Near]
    may_close: bool
    may_reopen: bool
    closure_id: UUID
    orders: Sequence[tuple[Assignment, Order, MemberPart | None, UUID]]


def way_of(session: Session, asset: Asset, closure: AssetClosure | None, *, always: bool) -> Way:
    """Give the way around: to people at work always, to others while it is closed."""
    plan = repository.plan_of(session, asset.id) if always or closure else None
    return Way(closure, plan, picture(session, asset, plan))


def picture(session: Session, asset: Asset, plan: TrafficPlan | None) -> Drawing | None:
    """Draw a plan with the roads around it that the asker sees."""
    if plan is None:
        return None
    around = repository.lines_around(session, drawing.frame(asset.place, plan))
    return drawing.drawn(asset.place, plan, around)


def roles_of(
    session: Session, asset: Asset, *, by: Actor, now: datetime, wanted: Sequence[str]
) -> Roles:
    """Gather what somebody of this area finds at an asset; `wanted` are materials."""
    links = [one for one in linking.of_asset(session, asset.id) if one.other.retired_at is None]
    return Roles(
        rungs=chain.of_asset(session, asset, on=now.astimezone(LOCAL_ZONE).date()),
        links=links,
        closed=repository.closed_among(session, [one.other.id for one in links]),
        stores=stores.nearest(session, asset.place, wanted),
        may_close=may(by, Act.CLOSE_ASSET, asset.area_path),
        may_reopen=may(by, Act.REOPEN_ASSET, asset.area_path),
        closure_id=new_id(),
        orders=[
            (*told, new_id())
            for told in (sites.under_way(session, by.id) if by.role is Role.CREW else ())
        ],
    )
