"""Disasters on the map: a sign where the place is known, a circle of true size where it is not."""

from gis.areas.placing import CITY_ZONE
from gis.tiles import Drawing, Tile
from hazards.events.rules import EXACT_M, NEAR_M, UNKNOWN_REACH_M, Accuracy

# A metre on the ground is 1 / cos(latitude) metres of the square map.
SHOWN = """
WITH tile AS (
    SELECT ST_TileEnvelope(%(tile_z)s, %(tile_x)s, %(tile_y)s) AS metres,
           ST_TileEnvelope(%(tile_z)s, %(tile_x)s, %(tile_y)s, margin => 0.0625) AS around
), known AS (
    SELECT id::text, hazard_type AS type,
           extract(year FROM happened_at AT TIME ZONE %(zone)s)::integer AS year,
           CASE WHEN location_accuracy_m <= %(exact_m)s THEN %(exact)s
                WHEN location_accuracy_m <= %(near_m)s THEN %(near)s ELSE %(rough)s END AS accuracy,
           location_accuracy_m IS NOT NULL AS measured, ST_Transform(place, 3857) AS middle,
           CASE WHEN location_accuracy_m <= %(exact_m)s THEN 0
                ELSE coalesce(location_accuracy_m, %(unknown_m)s) END
               / cos(radians(ST_Y(place))) AS reach
    FROM disaster_event
), shown AS (
    SELECT id, type, year, accuracy, measured, ST_AsMVTGeom(
        CASE reach WHEN 0 THEN middle ELSE ST_Buffer(middle, reach, 'quad_segs=24') END,
        metres, 4096, 128, true) AS shape
    FROM known, tile WHERE ST_Expand(middle, reach) && around
)
"""
EACH = """
, layer AS (
    SELECT ST_AsMVT(shown, 'events', 4096, 'shape') AS content FROM shown WHERE shape IS NOT NULL
)
SELECT content FROM layer WHERE length(content) <= %(most_bytes)s
"""
# Of those on the same sixteen pixels the one that is known best, then the latest: 1,225 at most.
CROWDED = """
, spots AS (
    SELECT *, ST_SnapToGrid(ST_Centroid(shape), 128) AS spot FROM shown WHERE shape IS NOT NULL
), thinned AS (
    SELECT DISTINCT ON (spot) id, type, year, accuracy, measured, shape FROM spots
    ORDER BY spot, array_position(ARRAY[%(exact)s, %(near)s, %(rough)s], accuracy), year DESC, id
)
SELECT ST_AsMVT(thinned, 'events', 4096, 'shape') FROM thinned
"""
MOST_BYTES = 400_000
"""A tile that would be bigger shows fewer: the circles of nearly the same place are one."""

VALUES = {
    "exact": Accuracy.EXACT.value,
    "near": Accuracy.NEAR.value,
    "rough": Accuracy.ROUGH.value,
    "exact_m": EXACT_M,
    "near_m": NEAR_M,
    "unknown_m": UNKNOWN_REACH_M,
    "zone": CITY_ZONE.key,
}
DRAWN = (
    Drawing(SHOWN + EACH, VALUES | {"most_bytes": MOST_BYTES}),
    Drawing(SHOWN + CROWDED, VALUES),
)


def drawings(where: Tile) -> tuple[Drawing, ...]:
    """Give what draws the disasters of one square of the map, and those that reach into it.

    The first that gives anything is the tile.
    """
    return tuple(each.at(where) for each in DRAWN)
