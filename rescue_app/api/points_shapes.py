"""JSON shapes of the ledger: what goes out."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel
from shapely import Point
from shapely.geometry import mapping

from hazards.points.history import Step
from hazards.points.models import HazardPoint
from hazards.points.rules import Category, Evidence, Grade, State


class PointOut(BaseModel):
    """A point in full."""

    id: UUID
    number: str
    source: str
    name: str
    address: str
    category: Category
    evidence: Evidence
    hazard_type: str
    grade: Grade
    grade_origin: str
    grade_reason: str | None
    state: State
    delisted_ground: str | None
    threatened_persons: int | None
    threatened_households: int | None
    threatened_frail: int | None
    threatened_property_10k_yuan: float | None
    owner_name: str
    owner_phone: str
    owner_unit: str
    owner_post: str
    monitoring_name: str
    monitoring_post: str
    monitoring_phone: str
    monitors: list[dict[str, str]]
    monitoring_method: str | None
    warning_means: list[str]
    plan_exists: bool | None
    cards_given: bool | None
    drilled_on: date | None
    found_on: date | None
    direction: str
    volume_m3: float | None
    scale: str | None
    trigger: str
    works: str
    works_stage: str | None
    file_ids: list[UUID]
    longitude: float
    latitude: float
    extent: dict[str, object] | None
    area_path: str
    synthetic: bool
    version: int
    changed_at: datetime
    changed_by: UUID
    changed_by_name: str

    @classmethod
    def of(cls, point: HazardPoint) -> "PointOut":
        """Show a point."""
        plain = {name: getattr(point, name, None) for name in cls.model_fields}
        extent = None if point.extent is None else mapping(point.extent)
        where = {"longitude": point.place.x, "latitude": point.place.y, "extent": extent}
        return cls.model_validate(plain | where)


class DifferenceOut(BaseModel):
    """One column that changed."""

    column: str
    was: str | None
    became: str | None


class StepOut(BaseModel):
    """One state in the point's life."""

    version: int
    at: datetime
    by_name: str
    differences: list[DifferenceOut]

    @classmethod
    def of(cls, step: Step) -> "StepOut":
        """Show a step."""
        told = [
            DifferenceOut(column=d.column, was=plain_text(d.was), became=plain_text(d.became))
            for d in step.differences
        ]
        return cls(version=step.version, at=step.at, by_name=step.by_name, differences=told)


def plain_text(value: object) -> str | None:
    """Show a value of a column as text."""
    if isinstance(value, Point):
        return f"{value.x:.6f}, {value.y:.6f}"
    return None if value is None else str(value)
