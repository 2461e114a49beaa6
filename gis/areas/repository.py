"""Where is this place? SQL over the tree of areas, as it was on a day.

A place is found by one indexed query; whole tables of places are `placing`'s matter. Without
a day, today in Chongqing is meant.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from shapely import Point
from sqlalchemy import Boolean, ColumnElement, Date, Select, case, cast, func, or_, select
from sqlalchemy.orm import Session, defer

from gis.areas.models import Area, AreaLevel, BoundaryKind
from gis.store.base import WGS84

ZONE = "Asia/Shanghai"
# "0" follows "/": all paths below one are those between it and its end so replaced.
AFTER_SLASH = "0"
SURVEYED_FIRST = case((Area.boundary_kind == BoundaryKind.SURVEYED, 0), else_=1)
# The city's outline alone is half a megabyte: it is read when somebody asks for it.
OUTLINE_LATER = defer(Area.boundary)
DEEPEST_FIRST = (func.length(Area.path).desc(), SURVEYED_FIRST, Area.code)


def valid(on: date | None = None) -> ColumnElement[bool]:
    """Hold for areas as they were on a day."""
    day = cast(func.timezone(ZONE, func.now()) if on is None else on, Date)
    return Area.validity.contains(day)


def covering(place: Any, on: date | None = None) -> ColumnElement[bool]:
    """Hold for areas that cover a place (a geometry expression) on a day; uses the index."""
    # Bare, not "IS TRUE": only so does PostGIS add the box condition that the index answers.
    return func.ST_Covers(Area.boundary, place, type_=Boolean) & valid(on)


def at(point: Point, on: date | None = None) -> Select[Area]:
    """Ask for the areas that cover a point, smallest first."""
    place = func.ST_SetSRID(func.ST_MakePoint(point.x, point.y), WGS84)
    return select(Area).options(OUTLINE_LATER).where(covering(place, on)).order_by(*DEEPEST_FIRST)


def locate(session: Session, point: Point, on: date | None = None) -> list[Area]:
    """Give the areas a point lies in, biggest to smallest: city, district, street ..."""
    found = list(session.scalars(at(point, on)))
    if not found:
        return []
    # On a shared edge two streets cover the point: it belongs to one, and to what is above it.
    return [area for area in reversed(found) if found[0].path.startswith(area.path)]


def smallest(session: Session, point: Point, on: date | None = None) -> Area | None:
    """Give the smallest area a point lies in, if it lies in the city at all."""
    return session.scalars(at(point, on).limit(1)).first()


def by_path(session: Session, path: str, on: date | None = None) -> Area | None:
    """Give the area with this path."""
    return session.scalars(
        select(Area).options(OUTLINE_LATER).where(Area.path == path, valid(on))
    ).first()


def by_code(
    session: Session, code: str, on: date | None = None, *, system: str | None = None
) -> Area | None:
    """Give the area with this code; name the system where one code has several meanings."""
    query = select(Area).options(OUTLINE_LATER).where(Area.code == code, valid(on))
    if system is not None:
        query = query.where(Area.code_system == system)
    return session.scalars(query.order_by(Area.code_system)).first()


def by_name(session: Session, name: str, on: date | None = None, *, under: str = "/") -> list[Area]:
    """Give the areas with this name at or below a path, biggest first."""
    query = select(Area).options(OUTLINE_LATER)
    query = query.where(Area.name == name, within(under), valid(on))
    return list(session.scalars(query.order_by(func.length(Area.path), Area.path)))


def matching(
    session: Session, text: str, on: date | None = None, *, under: str = "/", limit: int = 6
) -> list[Area]:
    """Give areas by a part of their name or the beginning of their code, biggest first."""
    meant = or_(
        Area.name.icontains(text, autoescape=True),
        Area.name_en.istartswith(text, autoescape=True),
        Area.code.startswith(text, autoescape=True),
    )
    query = select(Area).options(OUTLINE_LATER).where(meant, within(under), valid(on))
    ordered = query.order_by(Area.code != text, func.length(Area.path), Area.path)
    return list(session.scalars(ordered.limit(limit)))


def within(path: str) -> ColumnElement[bool]:
    """Hold for the area with this path and all below it; uses the index on paths."""
    return (Area.path >= path) & (Area.path < path[:-1] + AFTER_SLASH)


def children(session: Session, path: str, on: date | None = None) -> list[Area]:
    """Give the areas right below one, by code."""
    depth = func.length(Area.path) - func.length(func.replace(Area.path, "/", ""))
    right_below = depth == path.count("/") + 1
    query = select(Area).options(OUTLINE_LATER).where(within(path), right_below, valid(on))
    return list(session.scalars(query.order_by(Area.path)))


def tree(
    session: Session, path: str, on: date | None = None, *, levels: Sequence[AreaLevel] = ()
) -> list[Area]:
    """Give an area and all below it, each after its parent; only some levels if named."""
    query = select(Area).options(OUTLINE_LATER).where(within(path), valid(on))
    if levels:
        query = query.where(Area.level.in_(levels))
    return list(session.scalars(query.order_by(Area.path)))


def lineage(session: Session, path: str, on: date | None = None) -> list[Area]:
    """Give an area and those above it, biggest first: the breadcrumb."""
    codes = [code for code in path.split("/") if code]
    paths = ["/" + "/".join(codes[: count + 1]) + "/" for count in range(len(codes))]
    query = select(Area).options(OUTLINE_LATER).where(Area.path.in_(paths), valid(on))
    return list(session.scalars(query.order_by(func.length(Area.path))))


def since(session: Session, code: str, day: date | None, *, system: str) -> list[Area]:
    """Give the rows of a code true on some day from `day` on, oldest first; today's without."""
    query = select(Area).where(Area.code == code, Area.code_system == system)
    upper = func.upper(Area.validity)
    query = query.where(valid() if day is None else or_(upper.is_(None), upper > day))
    return list(session.scalars(query.order_by(func.lower(Area.validity).nulls_first())))


def count_by_boundary(session: Session, level: AreaLevel) -> dict[str, int]:
    """Count today's areas of a level by how far their boundaries can be trusted."""
    query = select(Area.boundary_kind, func.count()).where(Area.level == level, valid())
    rows = session.execute(query.group_by(Area.boundary_kind).order_by(Area.boundary_kind))
    return {str(kind): count for kind, count in rows}
