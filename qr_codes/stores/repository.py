"""SQL for stores: which are nearest and have what is needed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from qr_codes.stores.models import Material

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
