"""SQL of exposure: parts of streets, and homes. Row-level security hides what is not one's own."""

from datetime import date

from geoalchemy2 import Geography
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, Float, case, cast, func, literal, or_, select
from sqlalchemy.orm import Session

from gis.areas.models import Area, AreaLevel
from gis.areas.repository import valid, within
from gis.store.base import WGS84
from rescue_app.evacuation.models import Household
from rescue_app.exposure.rules import Homes, StreetPart


def outline(shape: BaseGeometry) -> ColumnElement[object]:
    """Give a shape to the database."""
    return func.ST_GeomFromText(shape.wkt, WGS84)


def parts_of(session: Session, shape: BaseGeometry, *, seen_by: str, on: date) -> list[StreetPart]:
    """Give the streets a shape reaches, each with the share of it that lies inside."""
    drawn = outline(shape)
    part = func.ST_Area(cast(func.ST_Intersection(Area.boundary, drawn), Geography))
    share = part / func.ST_Area(cast(Area.boundary, Geography))
    whole = func.ST_CoveredBy(Area.boundary, drawn)
    reached = Area.boundary.bool_op("&&")(drawn), func.ST_Intersects(Area.boundary, drawn)
    found = _parts(session, case((whole, literal(1.0)), else_=share), *reached,
                   seen_by=seen_by, on=on)  # fmt: skip
    # A border that only touches holds nobody.
    return [street for street in found if street.share > 0]


def streets_below(session: Session, area_path: str, *, seen_by: str, on: date) -> list[StreetPart]:
    """Give all streets of an area, each as a whole."""
    return _parts(session, literal(1.0, Float), within(area_path), seen_by=seen_by, on=on)


def _parts(
    session: Session,
    share: ColumnElement[float],
    *where: ColumnElement[bool],
    seen_by: str,
    on: date,
) -> list[StreetPart]:
    # Areas are open to all, points are not: what is outside one's own is in neither sum.
    seen = or_(within(seen_by), literal(seen_by).startswith(Area.path))
    query = (
        select(Area.path, Area.name, Area.name_en, Area.population, share)
        .where(Area.level == AreaLevel.STREET, valid(on), seen, *where)
        .order_by(Area.path)
    )
    return [StreetPart(*row[:4], share=float(row[4])) for row in session.execute(query)]


def homes(session: Session, *, shape: BaseGeometry | None, area_path: str) -> Homes:
    """Sum up the households of the register that the asker may see."""
    people, frail = func.sum(Household.people), func.sum(Household.frail)
    query = select(func.count(), func.coalesce(people, 0), func.coalesce(frail, 0))
    query = query.select_from(Household)
    if shape is None:
        query = query.where(Household.area_path.startswith(area_path, autoescape=True))
    else:
        drawn = outline(shape)
        inside = Household.place.bool_op("&&")(drawn), func.ST_Covers(drawn, Household.place)
        query = query.where(*inside)
    return Homes(*(int(number) for number in session.execute(query).one()))
