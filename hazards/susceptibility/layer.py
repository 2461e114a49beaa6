"""The classes of a susceptibility map as tiles: one map, or the last of every area and family."""

from uuid import UUID

from gis.errors import Rejected
from gis.tiles import Drawing, Tile

DRAW = """
WITH tile AS (
    SELECT ST_TileEnvelope(%(tile_z)s, %(tile_x)s, %(tile_y)s) AS metres, ST_Transform(
        ST_TileEnvelope(%(tile_z)s, %(tile_x)s, %(tile_y)s, margin => 0.0625), 4326) AS degrees
), shown AS (
    SELECT zone.class, ST_AsMVTGeom(ST_Transform(zone.shape, 3857), metres, 4096, 64, true) AS shape
    FROM susceptibility_zone zone, tile WHERE zone.shape && tile.degrees
      AND (CAST(%(run)s AS uuid) IS NULL OR zone.search_id = CAST(%(run)s AS uuid))
)
SELECT ST_AsMVT(shown, 'susceptibility', 4096, 'shape') FROM shown WHERE shape IS NOT NULL
"""


def drawings(where: Tile, *, run: str | None = None) -> tuple[Drawing, ...]:
    """Give what draws the classes of one square of the map."""
    try:
        asked = UUID(run) if run else None
    except ValueError as error:
        raise Rejected("There is no such map. Open it from the list of maps.") from error
    return (Drawing(DRAW, {}).at(where, run=asked),)
