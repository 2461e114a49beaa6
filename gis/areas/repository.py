"""Where is this place? SQL over the tree of areas, as it was on a day.

A place is found by one indexed query; many places at once by the same condition as a lateral
join. Without a day, today in Chongqing is meant.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from shapely import Point
from sqlalchemy import ColumnElement, Date, Select, case, cast, func, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import LateralFromClause

from gis.areas.models import Area, AreaLevel, BoundaryKind
from gis.store.base import WGS84

ZONE = "Asia/Shanghai"
# "0" follows "/": all paths below one are those between it and its end so replaced.
AFTER_SLASH = "0"
SURVEYED_FIRST = case((Area.boundary_kind == BoundaryKind.SURVEYED, 0), else_=1)
DEEPEST_FIRST = (func.length(Area.path).desc(), SURVEYED_FIRST, Area.code)


def valid(on: date | None = None) -> ColumnElement[bool]:
    """Hold for areas as they were on a day."""
    day: Any = cast(func.timezone(ZONE, func.now()), Date) if on is None else on
    return Area.validity.contains(day)


def covering(place: Any, on: date | None = None) -> ColumnElement[bool]:
    """Hold for areas that cover a place (a geometry expression) on a day; uses the index."""
    return func.ST_Covers(Area.boundary, place).is_(True) & valid(on)


def at(point: Point, on: date | None = None) -> Select[Area]:
    """Ask for the areas that cover a point, smallest first."""
    place = func.ST_SetSRID(func.ST_MakePoint(point.x, point.y), WGS84)
    return select(Area).where(covering(place, on)).order_by(*DEEPEST_FIRST)


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


def smallest_at(
    place: Any, on: date | None = None, *, level: AreaLevel | None = None, name: str = "placed"
) -> LateralFromClause:
    """Give the smallest area at a place as a lateral join, for placing whole tables of rows.

    `select(row, placed.c.path).outerjoin(placed := smallest_at(row.c.place), true())`; columns
    id, code, name, path, level.
    """
    query = select(Area.id, Area.code, Area.name, Area.path, Area.level).where(covering(place, on))
    if level is not None:
        query = query.where(Area.level == level)
    return query.order_by(*DEEPEST_FIRST).limit(1).lateral(name)


def by_path(session: Session, path: str, on: date | None = None) -> Area | None:
    """Give the area with this path."""
    return session.scalars(select(Area).where(Area.path == path, valid(on))).first()


def by_code(
    session: Session, code: str, on: date | None = None, *, system: str | None = None
) -> Area | None:
    """Give the area with this code; name the system where one code has several meanings."""
    query = select(Area).where(Area.code == code, valid(on))
    if system is not None:
        query = query.where(Area.code_system == system)
    return session.scalars(query.order_by(Area.code_system)).first()


def by_name(session: Session, name: str, on: date | None = None, *, under: str = "/") -> list[Area]:
    """Give the areas with this name at or below a path, biggest first."""
    query = select(Area).where(Area.name == name, within(under), valid(on))
    return list(session.scalars(query.order_by(func.length(Area.path), Area.path)))


def within(path: str) -> ColumnElement[bool]:
    """Hold for the area with this path and all below it; uses the index on paths."""
    return (Area.path >= path) & (Area.path < path[:-1] + AFTER_SLASH)


def children(session: Session, path: str, on: date | None = None) -> list[Area]:
    """Give the areas right below one, by code."""
    depth = func.length(Area.path) - func.length(func.replace(Area.path, "/", ""))
    right_below = depth == path.count("/") + 1
    query = select(Area).where(within(path), right_below, valid(on)).order_by(Area.path)
    return list(session.scalars(query))


def tree(
    session: Session, path: str, on: date | None = None, *, levels: Sequence[AreaLevel] = ()
) -> list[Area]:
    """Give an area and all below it, each after its parent; only some levels if named."""
    query = select(Area).where(within(path), valid(on))
    if levels:
        query = query.where(Area.level.in_(levels))
    return list(session.scalars(query.order_by(Area.path)))


def lineage(session: Session, path: str, on: date | None = None) -> list[Area]:
    """Give an area and those above it, biggest first: the breadcrumb."""
    codes = [code for code in path.split("/") if code]
    paths = ["/" + "/".join(codes[: count + 1]) + "/" for count in range(len(codes))]
    query = select(Area).where(Area.path.in_(paths), valid(on)).order_by(func.length(Area.path))
    return list(session.scalars(query))


def history(session: Session, code: str, *, system: str) -> list[Area]:
    """Give all rows of a code, oldest first."""
    query = select(Area).where(Area.code == code, Area.code_system == system)
    return list(session.scalars(query.order_by(func.lower(Area.validity).nulls_first())))


def overlapping(session: Session, code: str, *, system: str, since: date | None) -> list[Area]:
    """Give the rows of a code that are true on some day from `since` on, oldest first."""
    query = select(Area).where(Area.code == code, Area.code_system == system)
    if since is not None:
        upper = func.upper(Area.validity)
        query = query.where(or_(upper.is_(None), upper > since))
    return list(session.scalars(query.order_by(func.lower(Area.validity).nulls_first())))
