"""SQL for stores: which are nearest and have what is needed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session

from gis.errors import Missing
from qr_codes.stores.models import Material, MaterialStore, StoreBooking

PAGE_ROWS = 50
LATEST = 50

ALWAYS = 3
"""So many of the nearest are given whatever they hold of it: one keeper may not answer."""

NEAREST = text("""
    WITH held AS (
        SELECT id, name, address, keeper, keeper_phone, synthetic, stock,
            ST_X(place) AS lon, ST_Y(place) AS lat, ST_Distance(place::geography,
                ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)::geography) AS away_m
        FROM material_store WHERE stock ?| CAST(:codes AS text[])
    ), first_of AS (
        SELECT DISTINCT ON (code) held.id
        FROM held, unnest(CAST(:codes AS text[])) AS code WHERE stock ? code
        ORDER BY code, away_m, held.id
    )
    SELECT * FROM held WHERE id IN (SELECT id FROM first_of)
        OR id IN (SELECT id FROM held ORDER BY away_m, id LIMIT :always)
    ORDER BY away_m, id
""")


@dataclass(frozen=True, slots=True)
class Near:
    """A store with its distance from where somebody stands."""

    name: str
    address: str
    keeper: str
    keeper_phone: str
    synthetic: bool
    stock: Mapping[str, Any]
    lon: float
    lat: float
    away_m: float


def nearest(session: Session, place: BaseGeometry, codes: Sequence[str]) -> list[Near]:
    """Give the nearest stores, and for each material the nearest that holds it, by distance."""
    if not codes:
        return []
    middle = place.representative_point()
    asked = {"lon": middle.x, "lat": middle.y, "codes": list(codes), "always": ALWAYS}
    return [
        Near(row.name, row.address, row.keeper, row.keeper_phone, row.synthetic, row.stock,
             row.lon, row.lat, row.away_m)
        for row in session.execute(NEAREST, asked)
    ]  # fmt: skip


def materials(session: Session) -> Sequence[Material]:
    """Give all materials in order."""
    return session.scalars(select(Material).order_by(Material.position, Material.code)).all()


def wanted(words: str, material: str) -> Select[MaterialStore]:
    """Select stores by what they are called or who keeps them, and by what lies there."""
    query = select(MaterialStore)
    if words:
        texts = (MaterialStore.name, MaterialStore.address, MaterialStore.keeper)
        name, address, keeper = (column.icontains(words, autoescape=True) for column in texts)
        query = query.where(name | address | keeper)
    return query.where(MaterialStore.stock.has_key(material)) if material else query


def listing(
    session: Session, *, words: str, material: str, page: int
) -> tuple[Sequence[MaterialStore], int]:
    """Give one page of the stores that the asker sees, and the number of all that fit."""
    found = wanted(words, material)
    total = session.scalar(select(func.count()).select_from(found.subquery()))
    rows = found.order_by(MaterialStore.area_path, MaterialStore.name, MaterialStore.id)
    return session.scalars(rows.limit(PAGE_ROWS).offset((page - 1) * PAGE_ROWS)).all(), total or 0


def under(session: Session, area_path: str) -> Sequence[MaterialStore]:
    """Give all stores of an area, as a list of them is kept."""
    query = select(MaterialStore).where(MaterialStore.area_path.startswith(area_path))
    return session.scalars(query.order_by(MaterialStore.source_id)).all()


def visible(session: Session, store_id: UUID, *, lock: bool = False) -> MaterialStore:
    """Give a store; what the asker cannot see does not exist."""
    query = select(MaterialStore).where(MaterialStore.id == store_id)
    if lock:  # what was read before the lock may be stale
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise Missing("There is no such store in your district.")
    return found


def bookings(session: Session, store_id: UUID) -> Sequence[StoreBooking]:
    """Give how much lay there, the last change first."""
    query = select(StoreBooking).where(StoreBooking.store_id == store_id)
    newest = query.order_by(StoreBooking.booked_at.desc(), StoreBooking.material)
    return session.scalars(newest.limit(LATEST)).all()
