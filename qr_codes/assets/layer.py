"""Assets on the map, from near: what stands where, is it labelled, what is wrong with it."""

from functools import cache

from sqlalchemy import Text, cast, exists, func

from gis.tiles import BOX, Drawing, Place, Tile, as_layer, drawing, drawn
from qr_codes.assets.models import Asset, AssetType, RiskCode
from qr_codes.assets.rules import IN_FORCE

FROM_ZOOM = 11
"""From afar the points of danger have the map to themselves."""


def drawings(where: Tile) -> tuple[Drawing, ...]:
    """Give what draws the assets of one square of the map."""
    return (assets().at(where),) if where.z >= FROM_ZOOM else ()


@cache
def assets() -> Drawing:
    """Draw the assets, each at a place on itself."""
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
    rows = drawn(slim, Place(func.ST_PointOnSurface(Asset.place)), near)
    return drawing(as_layer(rows, "assets"))
