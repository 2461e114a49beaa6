"""The map that a pack carries: our own tiles of a street, each told by its digest."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis import tiles
from gis.tiles import Drawing, Tile
from hazards.points import layer as points
from hazards.points.filters import PointFilter
from qr_codes.assets import layer as assets
from qr_codes.packs import squares
from qr_codes.packs.squares import Bounds, Piece

BOX = text("""
    SELECT ST_XMin(box) AS west, ST_YMin(box) AS south, ST_XMax(box) AS east, ST_YMax(box) AS north
    FROM (
        SELECT ST_Extent(shape) AS box FROM (
            SELECT coalesce(boundary, centre) AS shape FROM area
            WHERE path = :path AND validity @> CAST(:day AS date)
            UNION ALL
            SELECT place FROM asset WHERE starts_with(area_path, :path) AND retired_at IS NULL
        ) AS shapes
    ) AS boxes
""")


def box(session: Session, area_path: str, *, day: date) -> Bounds | None:
    """Give the box of an area and of all assets in it."""
    found = session.execute(BOX, {"path": area_path, "day": day}).one()
    return None if found.west is None else squares.around(tuple(found))


def pieces(session: Session, area_path: str, *, sight: str, day: date) -> list[Piece]:
    """Draw the squares of an area as these eyes see them, as near as a phone should carry."""
    bounds = box(session, area_path, day=day)
    if bounds is None:
        return []
    found = [
        Piece(one, drawn(session, one, sight=sight, day=day)) for one in squares.wanted(bounds)
    ]
    nearest = squares.fitting([(one.tile.z, len(one.content)) for one in found])
    return [one for one in found if one.content and one.tile.z <= nearest]


def drawn(session: Session, tile: Tile, *, sight: str, day: date) -> bytes:
    """Draw one square; layers written one after the other are one tile."""
    layers: Sequence[Iterable[Drawing]] = (
        [tiles.areas(tile, day=day)],
        points.drawings(tile, PointFilter(), sight=sight),
        assets.drawings(tile),
    )
    return b"".join(first_of(session, one) for one in layers)


def first_of(session: Session, drawings: Iterable[Drawing]) -> bytes:
    """Give the first drawing that gives anything."""
    connection = session.connection()
    for one in drawings:
        content: Any = connection.exec_driver_sql(one.text, dict(one.values)).scalar()
        if content:
            return bytes(content)
    return b""
