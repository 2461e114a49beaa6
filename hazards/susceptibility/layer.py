"""The classes of a susceptibility map as tiles: one map, or the last of every area and family.

Where a map of the city and one of a district lie over each other, the wider one is drawn: two of
a kind at once would say neither.
"""

from uuid import UUID

from gis.errors import Rejected
from gis.tiles import Drawing, Tile

DRAW = """
WITH tile AS (
    SELECT ST_TileEnvelope(%(tile_z)s, %(tile_x)s, %(tile_y)s) AS metres, ST_Transform(
        ST_TileEnvelope(%(tile_z)s, %(tile_x)s, %(tile_y)s, margin => 0.0625), 4326) AS degrees
), map AS (
    SELECT search.id, search.family, search.area_path,
           coalesce((search.vintage->>'synthetic')::boolean, false) AS synthetic
    FROM evidence_search search
    WHERE EXISTS (SELECT FROM susceptibility_zone zone WHERE zone.search_id = search.id)
), chosen AS (
    SELECT map.id, map.synthetic FROM map
    WHERE map.id = CAST(%(run)s AS uuid) OR CAST(%(run)s AS uuid) IS NULL
      AND NOT EXISTS (SELECT FROM map wider WHERE wider.family = map.family
        AND wider.area_path <> map.area_path AND starts_with(map.area_path, wider.area_path))
), shown AS (
    SELECT zone.class, chosen.synthetic,
           ST_AsMVTGeom(ST_Transform(zone.shape, 3857), metres, 4096, 64, true) AS shape
    FROM chosen JOIN susceptibility_zone zone ON zone.search_id = chosen.id, tile
    WHERE zone.shape && tile.degrees
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
