"""Assets on the map, from near: what stands where, is it labelled, what is wrong with it."""

from sqlalchemy import Text, cast, exists, func
from sqlalchemy.orm import Session

from gis.store.base import WGS84
from gis.tiles import Place, Tile, drawn, encoded
from qr_codes.assets.models import Asset, AssetType, RiskCode
from qr_codes.assets.rules import IN_FORCE

FROM_ZOOM = 11
"""From afar the points of danger have the map to themselves."""


def tile(session: Session, where: Tile) -> bytes:
    """Draw the assets of one square of the map, each at a place on itself."""
    if where.z < FROM_ZOOM:
        return b""
    labelled = exists().where(RiskCode.asset_id == Asset.id, RiskCode.state.in_(IN_FORCE))
    slim = (
        cast(Asset.id, Text).label("id"),
        AssetType.icon.label("icon"),
        labelled.label("labelled"),
        func.coalesce(Asset.worst_open_grade, 0).label("worst"),
    )
    place = Place(func.ST_PointOnSurface(Asset.place), where)
    box = func.ST_MakeEnvelope(*where.bounds, WGS84)
    near = (Asset.place.bool_op("&&")(box), AssetType.code == Asset.type_code)
    return encoded(session, drawn(slim, place, near), "assets")
