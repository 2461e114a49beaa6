"""Disasters on the map: a sign where the place is known, a circle of true size where it is not."""

from gis.areas.placing import CITY_ZONE
from gis.tiles import Drawing, Tile
from hazards.events.rules import EXACT_M, NEAR_M, UNKNOWN_REACH_M, Accuracy

# A metre on the ground is 1 / cos(latitude) metres of the square map.
DRAW = """
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
SELECT ST_AsMVT(shown, 'events', 4096, 'shape') FROM shown WHERE shape IS NOT NULL
"""

VALUES = {
    "exact": Accuracy.EXACT.value,
    "near": Accuracy.NEAR.value,
    "rough": Accuracy.ROUGH.value,
    "exact_m": EXACT_M,
    "near_m": NEAR_M,
    "unknown_m": UNKNOWN_REACH_M,
    "zone": CITY_ZONE.key,
}


def drawings(where: Tile) -> tuple[Drawing, ...]:
    """Give what draws the disasters of one square of the map, and those that reach into it."""
    return (Drawing(DRAW, VALUES).at(where),)
