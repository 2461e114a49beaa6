"""SQL of the ledger: find, count, look back, and JSON that the database writes itself."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from geoalchemy2 import Geography, Geometry
from shapely import Point
from sqlalchemy import ColumnElement, Float, Row, Select, cast, func, literal_column, select, text
from sqlalchemy.orm import Session

from gis.areas.repository import AFTER_SLASH
from gis.store.base import WGS84
from hazards.points import counts
from hazards.points.filters import PointFilter, Sort, order, replaced_after, turned
from hazards.points.models import HazardPoint, HazardPointVersion

ITEM = (
    "id",
    "number",
    "source",
    "name",
    "address",
    "category",
    "evidence",
    "hazard_type",
    "grade",
    "state",
    "threatened_persons",
    "area_path",
    "synthetic",
    "version",
    "changed_at",
)
"""What a list shows; the rest comes with the single point."""
REACH = select(func.current_setting("yitong.area_path", True))
FEW = 1_000
"""So many finds of a search are sorted rather than looked for in order."""


def find(session: Session, point_id: UUID) -> HazardPoint | None:
    """Give a point the reader may see."""
    return session.scalar(select(HazardPoint).where(HazardPoint.id == point_id))


def locked(session: Session, point_id: UUID) -> HazardPoint | None:
    """Give a point that nobody else can change until the commit."""
    query = select(HazardPoint).where(HazardPoint.id == point_id).with_for_update()
    return session.scalar(query)


def versions(session: Session, point_id: UUID) -> Sequence[HazardPointVersion]:
    """Give the states that were replaced, newest first."""
    query = (
        select(HazardPointVersion)
        .where(HazardPointVersion.point_id == point_id)
        .order_by(HazardPointVersion.version.desc())
    )
    return session.scalars(query).all()


def version(session: Session, point_id: UUID, number: int) -> HazardPointVersion | None:
    """Give one state that was replaced."""
    return session.get(HazardPointVersion, (point_id, number))


def chosen(
    asked: PointFilter, of: type[HazardPoint], columns: Sequence[Any]
) -> Select[*tuple[Any, ...]]:
    """Give some columns of all that a filter means."""
    return select(*columns).select_from(of).where(*asked.conditions(of))


def items(of: type[HazardPoint]) -> list[Any]:
    """Give the columns of a list."""
    return [getattr(of, name) for name in ITEM]


def listed(
    session: Session, asked: PointFilter, sort: Sort, *, page: int, size: int
) -> tuple[Sequence[Row[*tuple[Any, ...]]], int]:
    """Give one page of a list, counted from 1, and how many there are in all."""
    of = asked.entries()
    columns = [*items(of), of.place]
    rows, total = page_of(session, asked, of, columns, sort, page=page, size=size)
    return session.execute(rows).all(), total


def page_of(
    session: Session,
    asked: PointFilter,
    of: type[HazardPoint],
    columns: Sequence[Any],
    sort: Sort,
    *,
    page: int,
    size: int,
) -> tuple[Select[*tuple[Any, ...]], int]:
    """Select one page, and tell how many there are: entries are found by id, then read whole.

    They are sought from the end of the list that is nearer. A search of few finds is done once:
    in the list's order the whole ledger would be read until the page is full. In some area few
    are likely, and what the count pyramid does not know would be sought again to be counted.
    """
    before, by, sight = (page - 1) * size, order(sort, of), reach(session)
    found = chosen(asked, of, [of.id]).where(*in_reach(of, sight))
    here = (asked.areas or asked.box) and not counts.answers(asked, sight=sight)
    few = few_of(session, found) if asked.q or here else None
    if few is not None:
        rows = select(*columns).where(of.id.in_(few)).order_by(*by)
        return rows.limit(size).offset(before), len(few)
    total = count(session, asked, sight=sight)
    shown = max(0, min(size, total - before))
    after = max(0, total - before - shown)
    way = by if before <= after else order(turned(sort), of)
    # Read, not joined: of a day of the past the whole ledger would be read to find them again.
    ids = session.scalars(found.order_by(*way).limit(shown).offset(min(before, after))).all()
    return select(*columns).where(of.id.in_(ids)).order_by(*by), total


def placed(session: Session, asked: PointFilter, *, limit: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Give the worst few that a filter means, with their places.

    What is rare is sought first and sorted then: by grade all points would be read, one by one.
    """
    of = asked.entries()
    few = few_of(session, chosen(asked, of, [of.id]))
    meant = asked.conditions(of) if few is None else [of.id.in_(few)]
    rows = select(*items(of), of.place).where(*meant).order_by(*order(Sort.GRADE, of))
    return session.execute(rows.limit(limit)).all()


def few_of(session: Session, found: Select[UUID]) -> Sequence[UUID] | None:
    """Give what is found, or nothing where that is more than a few."""
    few = session.scalars(found.limit(FEW + 1)).all()
    return few if len(few) <= FEW else None


def any_made_up(session: Session) -> bool:
    """Tell whether the asker sees a point that is made up."""
    query = select(HazardPoint.id).where(HazardPoint.synthetic).limit(1)
    return session.scalar(query) is not None


def count(session: Session, asked: PointFilter, *, sight: str | None = None) -> int:
    """Count what a filter means.

    The count pyramid knows it wherever it can answer. As it was, that is what it means now, without
    what changed since, and with what that replaced: a day of late costs little more than now.
    """
    coarse, sight = replace(asked, as_of=None), sight or reach(session)
    known = counts.answers(coarse, sight=sight)
    now = counts.total(coarse) if known else counted(asked, HazardPoint, sight)
    if asked.as_of is None:
        return session.scalar(now) or 0
    since = counted(asked, HazardPoint, sight).where(HazardPoint.changed_at > asked.as_of)
    replaced = counted(asked, replaced_after(asked.as_of), sight)
    then = now.scalar_subquery() - since.scalar_subquery() + replaced.scalar_subquery()
    return session.scalar(select(then)) or 0


def counted(asked: PointFilter, of: type[HazardPoint], sight: str) -> Select[int]:
    """Ask how many of some entries a filter means."""
    return chosen(asked, of, [func.count()]).where(*in_reach(of, sight))


def in_reach(of: type[HazardPoint], path: str) -> tuple[ColumnElement[bool], ...]:
    """Say the reader's area as a range: the policy says it too, but no index can follow that."""
    return of.area_path >= path, of.area_path < path[:-1] + AFTER_SLASH


def reach(session: Session) -> str:
    """Give the area that the reader sees; the policy holds it whatever this says."""
    return session.scalar(REACH) or "/"


def near(
    session: Session, centre: Point, *, within_m: float, limit: int | None = None
) -> Sequence[Row[HazardPoint, float]]:
    """Give points within a true ground distance with that distance, nearest first."""
    return session.execute(near_query(HazardPoint, centre, within_m=within_m).limit(limit)).all()


def near_query(of: type[Any], centre: Point, *, within_m: float) -> Select[Any, float]:
    """Give entries and their distance: on the ledger, or in drafts.

    Found by box, then measured: one index serves both, and row-level security leaves it in use.
    An index over the geography would have to be trusted with casts that can raise.
    """
    here = cast(func.ST_SetSRID(func.ST_MakePoint(centre.x, centre.y), WGS84), Geography)
    there = cast(of.place, Geography)
    circle = cast(func.ST_Buffer(here, within_m * 1.01), Geometry)
    away = func.ST_Distance(there, here, type_=Float)
    return (
        select(of, away)
        .where(of.place.bool_op("&&")(func.ST_Envelope(circle)))
        .where(func.ST_DWithin(there, here, within_m))
        .order_by(away)
    )


def page_json(session: Session, asked: PointFilter, sort: Sort, *, page: int, size: int) -> str:
    """Give one page as JSON text, written by the database."""
    of = asked.entries()
    place = (func.ST_X(of.place).label("longitude"), func.ST_Y(of.place).label("latitude"))
    columns = [*items(of), *place]
    rows, total = page_of(session, asked, of, columns, sort, page=page, size=size)
    items_text = joined(session, rows, ROW)
    return f'{{"total":{total},"page":{page},"size":{size},"items":[{items_text}]}}'


ROW = "row_to_json(item)::text"


def joined(session: Session, rows: Select[*tuple[Any, ...]], form: str) -> str:
    """Join rows as texts in the rows' own order; `form` writes one."""
    query = select(func.string_agg(literal_column(form), text("','")))
    return session.scalar(query.select_from(rows.subquery("item"))) or ""
