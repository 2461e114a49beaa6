"""Assets on the map, from near: what stands where, is it labelled, what is wrong with it."""

from functools import cache
from typing import Any

from sqlalchemy import Select, Text, cast, exists, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from gis.tiles import BOX, Drawing, Place, Tile, as_layer, drawing, drawn
from qr_codes.assets.models import Asset, AssetType, RiskCode
from qr_codes.assets.rules import IN_FORCE

FROM_ZOOM = 11
"""From afar the points of danger have the map to themselves."""

MOST_DRAWN = 6_000
"""A tile with more assets would be too big (see `crowded`)."""

COVERED = 64
"""Signs nearer than this, in a tile's own units, cover each other: eight pixels."""


def drawings(where: Tile) -> tuple[Drawing, ...]:
    """Give what draws the assets of one square; the first that gives anything is the tile."""
    return (assets().at(where), crowded().at(where)) if where.z >= FROM_ZOOM else ()


@cache
def assets() -> Drawing:
    """Draw the assets, each at a place on itself."""
    return drawing(as_layer(rows(), "assets", most=MOST_DRAWN))


@cache
def crowded() -> Drawing:
    """Draw of those whose signs cover each other the worst, and tell for how many it stands.

    4,225 signs at most, 250 KB.
    """
    each = rows().subquery("each")
    spot = func.ST_SnapToGrid(each.c.shape, COVERED)
    worst_first = (each.c.worst == 0, each.c.worst, each.c.labelled)
    among = func.count().over(partition_by=spot).label("stands_for")
    worst = select(each, among).ext(distinct_on(spot)).order_by(spot, *worst_first)
    return drawing(as_layer(worst, "assets"))


def rows() -> Select[Any]:
    """Give the assets of a tile with what their picture needs."""
    labelled = exists().where(RiskCode.asset_id == Asset.id, RiskCode.state.in_(IN_FORCE))
    slim = (
        cast(Asset.id, Text).label("id"),
        AssetType.icon.label("icon"),
        labelled.label("labelled"),
        func.coalesce(Asset.worst_open_grade, 0).label("worst"),
    )
    near = (
        Asset.place.bool_op("&&")(BOX),
        AssetType.code == Asset.type_code,
        Asset.retired_at.is_(None),
    )
    return drawn(slim, Place(func.ST_PointOnSurface(Asset.place)), near)
