"""A small city for tests: square areas at the true places, all names real, all else made up."""

from datetime import date

from shapely import MultiPolygon, Point, box
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from gis.areas.models import Area, AreaLevel, BoundaryKind

CITY = "/500000/"
WANZHOU = "/500000/500101/"
YUNYANG = "/500000/500235/"
GAOSUNTANG = "/500000/500101/500101001/"
TAIBAI = "/500000/500101/500101002/"
SHUANGJIANG = "/500000/500235/500235001/"

IN_GAOSUNTANG = Point(108.35, 30.80)
IN_TAIBAI = Point(108.45, 30.80)
IN_SHUANGJIANG = Point(108.90, 30.95)
OUTSIDE = Point(116.40, 39.90)

# ruff: noqa: E501 - one row a line
# code, level, name, English name, parent, box (west, south, east, north)
ROWS = (
    ("500000", AreaLevel.CITY, "重庆市", "Chongqing", None, (105.2, 28.1, 110.2, 32.2)),
    ("500101", AreaLevel.DISTRICT, "万州区", "Wanzhou", "500000", (108.0, 30.4, 108.8, 31.2)),
    ("500235", AreaLevel.DISTRICT, "云阳县", "Yunyang", "500000", (108.8, 30.6, 109.3, 31.4)),
    ("500101001", AreaLevel.STREET, "高笋塘街道", "Gaosuntang", "500101", (108.3, 30.7, 108.4, 30.9)),
    ("500101002", AreaLevel.STREET, "太白街道", "Taibai", "500101", (108.4, 30.7, 108.5, 30.9)),
    ("500235001", AreaLevel.STREET, "双江街道", "Shuangjiang", "500235", (108.8, 30.9, 109.0, 31.0)),
)  # fmt: skip


def build_world(session: Session) -> dict[str, Area]:
    """Insert the areas and give them by code."""
    made: dict[str, Area] = {}
    for code, level, name, name_en, parent, bounds in ROWS:
        above = made[parent] if parent else None
        shape = box(*bounds)
        made[code] = Area(
            code=code,
            code_system="test",
            level=level,
            name=name,
            name_en=name_en,
            parent_id=above.id if above else None,
            path=f"{above.path if above else '/'}{code}/",
            validity=Range(date(2000, 1, 1), None),
            boundary=MultiPolygon([shape]),
            boundary_kind=BoundaryKind.SURVEYED,
            centre=shape.centroid,
            population=1000,
            source="test",
        )
        session.add(made[code])
        session.flush()  # the child needs its parent's row
    return made
