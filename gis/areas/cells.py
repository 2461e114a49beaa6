"""Stand-ins for the street boundaries nobody publishes: the ground nearest to each town's point."""

from collections.abc import Sequence

import numpy as np
import shapely
from shapely import MultiPolygon, Point

from gis.geometry import polygons


def around(points: Sequence[Point], *, inside: MultiPolygon) -> list[MultiPolygon | None]:
    """Give each point its Voronoi cell within the district; None where nothing of it is inside."""
    if len(points) == 1:
        return [inside]
    # Degrees of longitude are shorter than those of latitude: nearest has to mean on the ground.
    squeeze = np.array([float(np.cos(np.radians(shapely.centroid(inside).y))), 1.0])
    flat = shapely.transform(shapely.MultiPoint(list(points)), lambda xy: xy * squeeze)
    reach = shapely.transform(shapely.box(*inside.bounds), lambda xy: xy * squeeze)
    found = shapely.voronoi_polygons(flat, extend_to=reach, ordered=True)
    cells = [shapely.transform(cell, lambda xy: xy / squeeze) for cell in found.geoms]
    shapely.prepare(inside)
    clipped = [polygons(shapely.intersection(cell, inside)) for cell in cells]
    return [MultiPolygon(parts) if parts else None for parts in clipped]
