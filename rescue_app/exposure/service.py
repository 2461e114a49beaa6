"""Exposure of a place by one call: people by street, homes, the frail, points, assets."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from gis import crs
from gis.areas import repository as areas
from gis.areas.rules import AreaLevel
from gis.authority import Act, Actor, may, within
from gis.errors import Missing, Rejected
from hazards.alerts import service as alerts
from hazards.points import summary
from hazards.points.filters import PointFilter
from qr_codes.assets import repository as assets
from qr_codes.assets.models import AssetType
from rescue_app.exposure import repository
from rescue_app.exposure.rules import Homes, Residents, StreetPart, residents
from rescue_app.incidents import service as incidents

AROUND_M = 500.0
"""What is meant around an incident that is a place, where nobody says how far."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where is meant: a shape, or an area with all that the ledger counts to it."""

    shape: BaseGeometry | None
    area_path: str = ""
    title: str = ""
    title_en: str = ""
    hazard_type: str = ""


@dataclass(frozen=True, slots=True)
class Exposure:
    """Whom and what the ground holds; `homes` is empty for whom the register is closed."""

    ground: Ground
    area_km2: float | None
    streets: Sequence[StreetPart]
    residents: Residents
    homes: Homes | None
    points: dict[str, Any]
    assets: Sequence[tuple[AssetType, int]]


def of_alert(session: Session, alert_id: UUID, *, buffer_m: float | None) -> Ground:
    """Give the ground of a warning."""
    alert = alerts.visible(session, alert_id)
    if alert.extent is None:
        raise Rejected("This warning has no outline. Choose an area instead.")
    shape = _widened(alert.extent, buffer_m)
    return Ground(
        shape, title=alert.headline_zh, title_en=alert.headline_en, hazard_type=alert.hazard_type
    )


def of_incident(session: Session, incident_id: UUID, *, buffer_m: float | None) -> Ground:
    """Give the ground of an incident: what was drawn, or what is around its place."""
    row = incidents.visible(session, incident_id)
    around = buffer_m or (AROUND_M if row.extent is None else None)
    shape = _widened(row.extent or row.place, around)
    return Ground(shape, title=row.title, hazard_type=row.hazard_type)


def of_area(session: Session, path: str, *, by: Actor, on: date) -> Ground:
    """Give the ground of an area of one's own."""
    area = areas.by_path(session, path, on)
    if area is None or not within(path, by.area_path):
        raise Missing("There is no such area in yours.")
    return Ground(None, path, area.name, area.name_en)


def _widened(shape: BaseGeometry, buffer_m: float | None) -> BaseGeometry:
    return crs.buffer(shape, radius_m=buffer_m) if buffer_m else shape


def of(session: Session, ground: Ground, *, asked: PointFilter, by: Actor, on: date) -> Exposure:
    """Sum up what the ground holds; points as a filter means them, so that lists agree."""
    shape, path = ground.shape, ground.area_path
    meant = replace(asked, within=shape) if shape is not None else asked
    sees_homes = may(by, Act.EDIT_POINT, by.area_path)
    streets = _streets(session, ground, by=by, on=on)
    counted = (
        assets.counted_below(session, path)
        if shape is None
        else assets.counted_within(session, shape)
    )
    return Exposure(
        ground,
        None if shape is None else crs.area_m2(shape) / 1e6,
        streets,
        residents(streets),
        repository.homes(session, shape=shape, area_path=path) if sees_homes else None,
        summary.summed(session, meant),
        counted,
    )


def _streets(session: Session, ground: Ground, *, by: Actor, on: date) -> list[StreetPart]:
    seen_by, shape, path = by.area_path, ground.shape, ground.area_path
    if shape is None:
        area = areas.by_path(session, path, on)
        # Less than a street is a part of one.
        if area is not None and area.level in {AreaLevel.COMMUNITY, AreaLevel.GRID}:
            shape = area.boundary
    if shape is not None:
        return repository.parts_of(session, shape, seen_by=seen_by, on=on)
    return repository.streets_below(session, path, seen_by=seen_by, on=on)
