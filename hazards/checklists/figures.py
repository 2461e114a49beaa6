"""Figures at which answers turn bad: the nearest area's own one counts, else the default."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from gis.authority import Actor
from hazards.checklists.models import Threshold, ThresholdOwn

LEAST, MOST = 0, 100_000


@dataclass(frozen=True, slots=True)
class Figure:
    """A threshold as an area sees it: what holds there, and where that comes from."""

    threshold: Threshold
    above: ThresholdOwn | None
    own: ThresholdOwn | None

    @property
    def value(self) -> float:
        """What holds."""
        source = self.own or self.above
        return source.value if source else self.threshold.default_value

    @property
    def inherited(self) -> float:
        """What would hold without a figure of one's own."""
        return self.above.value if self.above else self.threshold.default_value


def own_value(
    code: InstrumentedAttribute[str | None] | InstrumentedAttribute[str], area_path: str
) -> ScalarSelect[float]:
    """Give the nearest own figure of an area as a part of a query."""
    return (
        select(ThresholdOwn.value)
        .where(
            ThresholdOwn.code == code,
            func.starts_with(literal(area_path), ThresholdOwn.area_path),
        )
        .order_by(func.length(ThresholdOwn.area_path).desc())
        .limit(1)
        .scalar_subquery()
    )


def value_at(session: Session, code: str, area_path: str, *, default: float) -> float:
    """Give the figure that holds in an area, or a default where there is no such figure."""
    held = func.coalesce(own_value(Threshold.code, area_path), Threshold.default_value)
    value = session.scalar(select(held).where(Threshold.code == code))
    return default if value is None else value


def exists(session: Session, code: str) -> bool:
    """Tell whether there is such a figure."""
    return session.get(Threshold, code) is not None


def listed(session: Session, area_path: str) -> list[Figure]:
    """Give all figures as an area sees them."""
    query = select(ThresholdOwn).where(func.starts_with(literal(area_path), ThresholdOwn.area_path))
    nearest: dict[str, list[ThresholdOwn]] = {}
    for row in session.scalars(query.order_by(func.length(ThresholdOwn.area_path))):
        nearest.setdefault(row.code, []).append(row)
    made = []
    for threshold in session.scalars(select(Threshold).order_by(Threshold.code)):
        rows = nearest.get(threshold.code, [])
        own = next((row for row in rows if row.area_path == area_path), None)
        above = [row for row in rows if row is not own]
        made.append(Figure(threshold, above[-1] if above else None, own))
    return made


def put(
    session: Session, code: str, *, value: float | None, by: Actor, now: datetime
) -> float | None:
    """Keep an area's own figure, or none; give the one before."""
    held = session.get(ThresholdOwn, (code, by.area_path))
    before = held.value if held else None
    if value is None:
        if held:
            session.delete(held)
        return before
    own = held or ThresholdOwn(code=code, area_path=by.area_path)
    own.value, own.set_at, own.set_by_name = value, now, by.name
    session.add(own)
    return before
