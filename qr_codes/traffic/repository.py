"""SQL for traffic plans and closures."""

from collections.abc import Sequence
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from gis.store.base import WGS84, among
from qr_codes.assets.models import Asset
from qr_codes.traffic.models import AssetClosure, TrafficPlan

MOST_AROUND = 40
MOST_TIMES = 20


def plan_of(session: Session, asset_id: UUID) -> TrafficPlan | None:
    """Give the plan that holds."""
    query = select(TrafficPlan).where(TrafficPlan.asset_id == asset_id)
    return session.scalars(query.order_by(TrafficPlan.version.desc()).limit(1)).first()


def plans_of(session: Session, asset_id: UUID) -> Sequence[TrafficPlan]:
    """Give all plans that an asset had, newest first."""
    query = select(TrafficPlan).where(TrafficPlan.asset_id == asset_id)
    return session.scalars(query.order_by(TrafficPlan.version.desc())).all()


def closure_of(session: Session, asset_id: UUID) -> AssetClosure | None:
    """Give the closure that holds now."""
    query = select(AssetClosure).where(
        AssetClosure.asset_id == asset_id, AssetClosure.reopened_at.is_(None)
    )
    return session.scalar(query)


def closures_of(session: Session, asset_id: UUID) -> Sequence[AssetClosure]:
    """Give the last times that an asset was closed, newest first."""
    query = select(AssetClosure).where(AssetClosure.asset_id == asset_id)
    return session.scalars(query.order_by(AssetClosure.closed_at.desc()).limit(MOST_TIMES)).all()


def closed_among(session: Session, asset_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Give those of some assets that are closed now."""
    query = select(AssetClosure.asset_id).where(
        among(AssetClosure.asset_id, asset_ids), AssetClosure.reopened_at.is_(None)
    )
    return frozenset(session.scalars(query)) if asset_ids else frozenset()


def plans_within(session: Session, area_path: str) -> Sequence[TrafficPlan]:
    """Give the plans that hold in an area."""
    query = select(TrafficPlan).where(TrafficPlan.area_path.startswith(area_path, autoescape=True))
    newest = query.order_by(TrafficPlan.asset_id, TrafficPlan.version.desc())
    return session.scalars(newest.ext(distinct_on(TrafficPlan.asset_id))).all()


def closures_within(session: Session, area_path: str) -> Sequence[AssetClosure]:
    """Give what is closed now in an area."""
    within = AssetClosure.area_path.startswith(area_path, autoescape=True)
    return session.scalars(
        select(AssetClosure).where(within, AssetClosure.reopened_at.is_(None))
    ).all()


def lines_around(session: Session, shape: BaseGeometry) -> Sequence[BaseGeometry]:
    """Give the roads and bridges of the registry in a box, for finding one's way on a drawing."""
    west, south, east, north = shape.bounds
    box = func.ST_MakeEnvelope(west, south, east, north, WGS84)
    query = (
        select(Asset.place)
        .where(Asset.place.bool_op("&&")(box), func.ST_Dimension(Asset.place) == 1)
        .where(Asset.retired_at.is_(None))
        .limit(MOST_AROUND)
    )
    return session.scalars(query).all()
