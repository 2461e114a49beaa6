"""An area as a source tells it, before it is a row."""

from dataclasses import dataclass
from datetime import date

from shapely import MultiPolygon, Point
from sqlalchemy.dialects.postgresql import Range

from gis.areas.rules import AreaLevel, BoundaryKind


@dataclass(frozen=True, slots=True)
class Draft:
    """One area from a day to a day; `path` names its parent."""

    code: str
    code_system: str
    level: AreaLevel
    name: str
    name_en: str
    path: str
    validity: Range[date]
    boundary: MultiPolygon | None
    boundary_kind: BoundaryKind
    centre: Point | None
    population: int | None
    source: str

    @property
    def parent_path(self) -> str | None:
        """The path of the area above; None for the city."""
        above = self.path[: -len(self.code) - 1]
        return None if above == "/" else above
