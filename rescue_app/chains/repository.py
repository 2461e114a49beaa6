"""SQL of chains: what lies where, as far as the asker may see."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import shapely
from geoalchemy2 import Geography
from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Float,
    FromClause,
    LargeBinary,
    Select,
    Subquery,
    Text,
    case,
    cast,
    column,
    exists,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from gis.areas.models import Area, AreaLevel
from gis.areas.repository import valid
from gis.store.base import WGS84
from hazards.points.models import HazardPoint, HazardType
from hazards.points.rules import State
from qr_codes.assets.models import Asset
from rescue_app.chains.models import KeptChain
from rescue_app.chains.rules import Met, Thing
from rescue_app.chains.table import Kind
from rescue_app.evacuation.models import Household

MOST_KEPT = 50
MOST_MET = 4_000
"""So many of one kind are looked at for one link."""
NARROW_M = 55_000.0
"""A degree is longer than this up to 60 degrees north: boxes are wide enough."""
EMPTY = literal("")
NOBODY = cast(null(), Float)


def points(kind: Kind) -> Subquery:
    """Give points of the ledger as things that a chain meets."""
    of = HazardPoint
    query = (
        select(
            cast(of.id, Text).label("id"), of.name, EMPTY.label("name_en"), of.area_path,
            of.place.label("shape"), cast(of.threatened_persons, Float).label("people"),
            cast(of.threatened_frail, Float).label("frail"),
            (of.hazard_type + " " + HazardType.family).label("matter"), of.category,
        )
        .join(HazardType, HazardType.code == of.hazard_type)
        .where(of.state == State.APPROVED, of.hazard_type.in_(kind.points))
    )  # fmt: skip
    return query.subquery("target")


def assets(kind: Kind) -> Subquery:
    """Give assets of the registry."""
    of = Asset
    query = select(
        cast(of.id, Text).label("id"), of.name, EMPTY.label("name_en"), of.area_path,
        of.place.label("shape"), NOBODY.label("people"), NOBODY.label("frail"),
        ("asset:" + of.type_code).label("matter"), EMPTY.label("category"),
    ).where(of.retired_at.is_(None), of.type_code.in_(kind.assets))  # fmt: skip
    return query.subquery("target")


def settlements(*, seen_by: str, on: date) -> Subquery:
    """Give the smallest areas with a centre, within what the asker sees, and who lives there."""
    of, below = Area, aliased(Area)
    within = Household.area_path.startswith(of.path)
    homes = {
        name: select(func.sum(getattr(Household, name))).where(within).scalar_subquery()
        for name in ("people", "frail")
    }
    smaller = exists().where(below.parent_id == of.id, below.validity.contains(cast(on, Date)))
    query = select(
        of.path.label("id"), of.name, of.name_en, of.path.label("area_path"),
        of.centre.label("shape"),
        cast(func.coalesce(of.population, homes["people"]), Float).label("people"),
        cast(homes["frail"], Float).label("frail"),
        EMPTY.label("matter"), EMPTY.label("category"),
    ).where(
        of.level.in_([AreaLevel.STREET, AreaLevel.COMMUNITY, AreaLevel.GRID]),
        of.centre.is_not(None), valid(on), ~smaller,
        or_(of.path.startswith(seen_by), literal(seen_by).startswith(of.path)),
    )  # fmt: skip
    return query.subquery("target")


def homes(session: Session, *, of: str, on: date) -> list[tuple[Any, ...]]:
    """Give the settlements within an area: path, names, middle, people."""
    columns = settlements(seen_by=of, on=on).c
    query = select(columns.id, columns.name, columns.name_en, columns.shape, columns.people).where(
        columns.id.startswith(of, autoescape=True)
    )
    return [tuple(row) for row in session.execute(query.order_by(columns.id))]


def kept(session: Session, **about: UUID) -> Sequence[KeptChain]:
    """Give the chains kept last, of all or of one thing, as far as the asker may see."""
    query = select(KeptChain).filter_by(**about).order_by(KeptChain.made_at.desc(), KeptChain.id)
    return session.scalars(query.limit(MOST_KEPT)).all()


def keep_once(session: Session, row: dict[str, Any]) -> None:
    """Add a chain unless its id is there already."""
    session.execute(insert(KeptChain).values(row).on_conflict_do_nothing())


def near(session: Session, target: Subquery, sources: Sequence[Thing], *, within_m: float,
         kind: str) -> Iterator[Met]:  # fmt: skip
    """Give what lies near or (with 0 metres) inside, each from its nearest source."""
    of = told(sources, [one.shape for one in sources])
    shape, there = target.c.shape, of.c.shape
    inside, spot = func.ST_Intersects(shape, there), func.ST_ClosestPoint(shape, there)
    if not within_m:
        box = shape.bool_op("&&")(there)
        return met(session, target, of, kind, box & inside, literal(0.0), spot)
    apart = func.ST_Distance(cast(shape, Geography), cast(there, Geography))
    metres = case((inside, literal(0.0)), else_=apart)
    box = shape.bool_op("&&")(func.ST_Expand(there, within_m / NARROW_M))
    return met(session, target, of, kind, box & (metres <= within_m), metres, spot)


def told(sources: Sequence[Thing], shapes: Sequence[BaseGeometry]) -> Subquery:
    """Give sources to the database, each with a shape."""
    wkb = [shapely.to_wkb(shapely.set_srid(one, WGS84), hex=True, include_srid=True)
            for one in shapes]  # fmt: skip
    keys = [one.key for one in sources]
    rows = func.unnest(literal(keys, ARRAY(Text)), literal(wkb, ARRAY(Text)))
    listed = rows.table_valued(column("id", Text), column("wkb", Text), name="s").render_derived()
    shape = func.ST_GeomFromEWKB(func.decode(listed.c.wkb, "hex"))
    # Materialised by the offset: else the text is read anew for every pair.
    return select(listed.c.id, shape.label("shape")).offset(0).subquery("source")


def met(session: Session, target: Subquery, of: FromClause, kind: str, where: ColumnElement[bool],
         metres: ColumnElement[float], spot: Any) -> Iterator[Met]:  # fmt: skip
    """Give what stands to a source as said: the nearest, then whom it threatens most."""
    named = ("id", "name", "name_en", "area_path", "people", "frail", "matter", "category")
    query: Select[Any] = (
        select(
            of.c.id.label("source"), metres.label("metres"),
            func.ST_AsBinary(target.c.shape, type_=LargeBinary).label("shape"),
            func.ST_AsBinary(spot, type_=LargeBinary).label("spot"),
            *(target.c[name].label(f"its_{name}") for name in named),
        )
        .join_from(of, target, where)
        .order_by(metres, target.c.people.desc().nulls_last(), target.c.id)
        .limit(MOST_MET)
    )  # fmt: skip
    for row in session.execute(query):
        yield Met(row.source, thing(row, kind), float(row.metres))


def thing(row: Any, kind: str) -> Thing:
    """Give a row as the engine takes it."""
    return Thing(
        key=row.its_id,
        kind=kind,
        name=row.its_name,
        name_en=row.its_name_en,
        area_path=row.its_area_path,
        shape=shapely.from_wkb(bytes(row.shape)),
        spot=shapely.from_wkb(bytes(row.spot)).representative_point(),
        people=None if row.its_people is None else int(row.its_people),
        frail=None if row.its_frail is None else int(row.its_frail),
        matter=tuple(row.its_matter.split()),
        category=row.its_category,
    )
