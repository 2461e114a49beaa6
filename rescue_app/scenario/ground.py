"""The real ground the scenario stands on: districts, streets and river towns from the store."""

from dataclasses import dataclass

import numpy as np
import yaml
from numpy.typing import NDArray
from shapely import LineString
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.areas.models import Area, AreaLevel
from gis.errors import Missing
from rescue_app.scenario.terrain import meander
from rescue_app.scenario.words import SCENARIO


@dataclass(frozen=True)
class Street:
    """A street or town with its point."""

    name: str
    name_en: str
    path: str
    lon: float
    lat: float


@dataclass(frozen=True)
class District:
    """A district with its shape and the streets whose point is known."""

    code: str
    name: str
    name_en: str
    path: str
    shape: BaseGeometry
    streets: tuple[Street, ...]

    @property
    def towns(self) -> NDArray[np.float64]:
        """Points of the streets, an array (n, 2) of lon, lat."""
        return np.array([(s.lon, s.lat) for s in self.streets]).reshape(-1, 2)


def today(session: Session, level: AreaLevel) -> list[Area]:
    """Give the areas of a level that are true today, by path."""
    query = select(Area).where(Area.level == level, Area.validity.contains(func.current_date()))
    return list(session.scalars(query.order_by(Area.path)))


def read_ground(session: Session) -> list[District]:
    """Read all districts with a boundary; raise Missing when no areas are loaded."""
    streets = [s for s in today(session, AreaLevel.STREET) if s.centre is not None]
    districts = [d for d in today(session, AreaLevel.DISTRICT) if d.boundary is not None]
    if not districts:
        raise Missing("No areas are loaded yet. Run `yitong areas load` first.")
    return [
        District(d.code, d.name, d.name_en, d.path, d.boundary, within(streets, d.path))
        for d in districts
        if d.boundary is not None
    ]


def within(streets: list[Area], path: str) -> tuple[Street, ...]:
    """Pick the streets of a district."""
    return tuple(
        Street(s.name, s.name_en, s.path, s.centre.x, s.centre.y)
        for s in streets
        if s.centre is not None and s.path.startswith(path)
    )


def rivers(districts: list[District], rng: np.random.Generator) -> list[LineString]:
    """Lay the rivers through the towns on their banks; towns without a point are passed by."""
    known = {(d.name, s.name): (s.lon, s.lat) for d in districts for s in d.streets}
    listed = yaml.load((SCENARIO / "rivers.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    courses = [[known[tuple(t)] for t in river["towns"] if tuple(t) in known] for river in listed]
    return [meander(np.array(course), rng) for course in courses if len(course) > 1]
