"""SQL for assets and their codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from geoalchemy2 import Geography
from shapely import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, Select, cast, func, literal, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from gis.areas import repository as areas
from gis.areas.models import AreaLevel
from gis.areas.placing import spots
from gis.errors import Missing
from gis.store.base import WGS84
from hazards.duty.models import Unit
from qr_codes.assets.models import (
    Asset,
    AssetRating,
    AssetType,
    AssetVersion,
    PublicLine,
    RiskCode,
)
from qr_codes.assets.rules import IN_FORCE, CodeState

PAGE_ROWS = 50
CENTRE = "centre"
IN_USE, RETIRED = "in_use", "retired"
STATES = {IN_USE: Asset.retired_at.is_(None), RETIRED: Asset.retired_at.is_not(None)}
"""Which assets a list shows; any other word means both."""
SAME_PLACE_M = 1.0
"""Coordinate systems and files round; nothing is moved by that."""
NO_LABEL = "There is no such label in your area."


@dataclass(frozen=True, slots=True)
class Where:
    """The area that a place lies in, and how people say it."""

    path: str
    street: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of assets is filtered and sorted by; `also` is what other features know."""

    q: str = ""
    type_code: str = ""
    label: str = ""
    under: str = ""
    state: str = IN_USE
    sort: str = "name"
    page: int = 1
    visit: str = ""
    also: tuple[ColumnElement[bool], ...] = field(default=(), compare=False)


def where_is(session: Session, place: BaseGeometry, *, day: date) -> Where | None:
    """Find the areas around a place: of a line around its middle, or the part nearest to it."""
    tried = [place] if isinstance(place, Point) else spots(place)
    around = next((found for spot in tried if (found := areas.locate(session, spot, day))), None)
    if around is None:
        return None
    names = [area.name for area in around if area.level != AreaLevel.CITY]
    return Where(around[-1].path, "".join(names) or around[-1].name)


def types(session: Session) -> Sequence[AssetType]:
    """Give all kinds of assets in their order."""
    return session.scalars(select(AssetType).order_by(AssetType.position)).all()


def lines(session: Session) -> Sequence[PublicLine]:
    """Give the public numbers in their order."""
    return session.scalars(select(PublicLine).order_by(PublicLine.position)).all()


def find(session: Session, asset_id: UUID) -> Asset | None:
    """Give an asset with its kind, if the asker sees it."""
    query = select(Asset).where(Asset.id == asset_id).options(joinedload(Asset.type))
    return session.scalar(query)


def visible(session: Session, asset_id: UUID, *, lock: bool = False) -> Asset:
    """Give an asset with its kind; what the asker cannot see does not exist."""
    query = select(Asset).where(Asset.id == asset_id).options(joinedload(Asset.type))
    if lock:  # what was read before the lock may be stale
        query = query.with_for_update(of=Asset).execution_options(populate_existing=True)
    asset = session.scalar(query)
    if asset is None:
        raise Missing("There is no such asset in your area.")
    return asset


def scanned(session: Session, code: str) -> RiskCode | None:
    """Give a label with its asset and kind, by what stands on it: one indexed query."""
    query = (
        select(RiskCode)
        .join(RiskCode.asset)
        .join(Asset.type)
        .where(RiskCode.code == code)
        .options(contains_eager(RiskCode.asset).contains_eager(Asset.type))
    )
    return session.scalar(query)


def label(session: Session, code_id: UUID) -> RiskCode:
    """Give a label and lock it."""
    query = select(RiskCode).where(RiskCode.id == code_id).with_for_update()
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise Missing(NO_LABEL)
    return found


def seen_label(session: Session, code_id: UUID) -> RiskCode:
    """Give a label with its asset and kind, without locking it."""
    query = select(RiskCode).join(RiskCode.asset).join(Asset.type).where(RiskCode.id == code_id)
    whole = contains_eager(RiskCode.asset).contains_eager(Asset.type)
    found = session.scalar(query.options(whole))
    if found is None:
        raise Missing(NO_LABEL)
    return found


def labels_of(session: Session, asset_id: UUID) -> Sequence[RiskCode]:
    """Give all labels of an asset, newest first."""
    query = select(RiskCode).where(RiskCode.asset_id == asset_id)
    return session.scalars(query.order_by(RiskCode.issue.desc())).all()


def in_force(session: Session, asset_id: UUID) -> RiskCode | None:
    """Give the label of an asset that holds now."""
    query = select(RiskCode).where(RiskCode.asset_id == asset_id, RiskCode.state.in_(IN_FORCE))
    return session.scalar(query)


def filtered(wanted: Wanted) -> Select[Asset, RiskCode]:
    """Select assets with the label in force beside them."""
    on = (RiskCode.asset_id == Asset.id) & RiskCode.state.in_(IN_FORCE)
    query = select(Asset, RiskCode).outerjoin(RiskCode, on)
    if wanted.q:
        like = [
            column.icontains(wanted.q, autoescape=True)
            for column in (Asset.name, Asset.street, Asset.owner_unit)
        ]
        query = query.where(like[0] | like[1] | like[2])
    if wanted.state in STATES:
        query = query.where(STATES[wanted.state])
    if wanted.type_code:
        query = query.where(Asset.type_code == wanted.type_code)
    if wanted.under:
        query = query.where(Asset.area_path.startswith(wanted.under, autoescape=True))
    if wanted.label == "none":
        query = query.where(RiskCode.id.is_(None))
    elif wanted.label in set(CodeState):
        query = query.where(RiskCode.state == wanted.label)
    return query.where(*wanted.also)


def listing(session: Session, wanted: Wanted) -> tuple[Sequence[tuple[Asset, RiskCode]], int]:
    """Give one page of assets and the number of all that fit."""
    columns = {
        "name": Asset.name,
        "street": Asset.street,
        "type": Asset.type_code,
        "grade": Asset.worst_open_grade,
        "created": Asset.created_at,
    }
    column = columns.get(wanted.sort.removeprefix("-"), Asset.name)
    order = column.desc() if wanted.sort.startswith("-") else column.asc()
    found = filtered(wanted)
    total = session.scalar(found.with_only_columns(func.count(), maintain_column_froms=True))
    query = (
        found.join(Asset.type)
        .options(contains_eager(Asset.type))
        .order_by(order.nulls_last(), Asset.number)
        .limit(PAGE_ROWS)
        .offset((wanted.page - 1) * PAGE_ROWS)
    )
    return [(asset, code) for asset, code in session.execute(query)], total or 0


def counted_within(session: Session, shape: BaseGeometry) -> Sequence[tuple[AssetType, int]]:
    """Count the assets that a shape touches, by kind in the kinds' order."""
    outline = func.ST_GeomFromText(shape.wkt, WGS84)
    # The box by itself: under row-level security only it may use the index.
    box = Asset.place.bool_op("&&")(outline)
    return _counted(session, box, func.ST_Intersects(Asset.place, outline))


def counted_below(session: Session, area_path: str) -> Sequence[tuple[AssetType, int]]:
    """Count the assets of an area, by kind in the kinds' order."""
    return _counted(session, Asset.area_path.startswith(area_path, autoescape=True))


def _counted(session: Session, *where: ColumnElement[bool]) -> Sequence[tuple[AssetType, int]]:
    number = func.count()
    query = (
        select(AssetType, number)
        .join(Asset, Asset.type_code == AssetType.code)
        .where(*where, Asset.retired_at.is_(None))
        .group_by(AssetType.code)
        .order_by(AssetType.position)
    )
    return [(kind, count) for kind, count in session.execute(query)]


def standing(session: Session, row: Mapping[str, Any]) -> str | None:
    """Give the area of an asset that the registry has under a row's number, at the row's place."""
    spot = func.ST_SetSRID(func.ST_MakePoint(row["longitude"], row["latitude"]), WGS84)
    there = func.ST_DWithin(cast(Asset.place, Geography), cast(spot, Geography), SAME_PLACE_M)
    known = Asset.source == row["source"], Asset.source_id == row["number"]
    return session.scalar(select(Asset.area_path).where(*known, there))


def held_from(
    session: Session, asset_id: UUID, place: Point | None
) -> tuple[Asset, float | None] | None:
    """Give an asset with its kind, locked, and how far it is from a place where somebody stands.

    Nothing where there is none that the asker may hold.
    """
    away = literal(None) if place is None else away_from(place)
    query = select(Asset, away).where(Asset.id == asset_id).options(joinedload(Asset.type))
    query = query.with_for_update(of=Asset).execution_options(populate_existing=True)
    found = session.execute(query).one_or_none()
    return (found[0], found[1]) if found else None


def metres_between(session: Session, asset_id: UUID, place: Point) -> float | None:
    """Measure from a scan to the asset on the ground; a line is measured to its nearest part."""
    return session.scalar(select(away_from(place)).where(Asset.id == asset_id))


def away_from(place: Point) -> ColumnElement[float]:
    """Measure on the ground from a place to an asset, as a part of a query."""
    here = cast(func.ST_GeomFromText(place.wkt, WGS84), Geography)
    return func.ST_Distance(cast(Asset.place, Geography), here)


def centres_over(session: Session, area_path: str) -> Sequence[Unit]:
    """Give the command centres that answer for a place, the nearest level first."""
    codes = area_path.strip("/").split("/")
    above = [f"/{'/'.join(codes[:depth])}/" for depth in range(1, len(codes) + 1)]
    query = (
        select(Unit)
        .where(Unit.kind == CENTRE, Unit.area_path.in_(above))
        .order_by(func.length(Unit.area_path).desc(), Unit.name)
    )
    return session.scalars(query).all()


def ratings(session: Session, asset_id: UUID) -> Sequence[AssetRating]:
    """Give how an asset was judged, the latest year first."""
    query = select(AssetRating).where(AssetRating.asset_id == asset_id)
    return session.scalars(query.order_by(AssetRating.year.desc())).all()


def versions(session: Session, asset_id: UUID) -> Sequence[AssetVersion]:
    """Give the states that an asset had before, newest first."""
    query = select(AssetVersion).where(AssetVersion.asset_id == asset_id)
    return session.scalars(query.order_by(AssetVersion.version.desc())).all()
