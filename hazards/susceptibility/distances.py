"""How far each cell's middle lies from the nearest river, road or fault, in true metres."""

from collections.abc import Sequence

import numpy as np
import shapely
from shapely import Point
from shapely.geometry.base import BaseGeometry

from hazards.evidence.grid import Grid
from hazards.susceptibility.rules import FURTHEST_M, Numbers


def nearest(grid: Grid, shapes: Sequence[BaseGeometry]) -> Numbers:
    """Give every cell's distance to the nearest of some lines or surfaces, at most FURTHEST_M."""
    flat = shapely.transform(
        np.array(shapes, object), lambda c: np.column_stack(grid.there.transform(c[:, 0], c[:, 1]))
    )
    tree = shapely.STRtree(pieces(list(flat)))
    middles = [Point(*middle) for middle in grid.middles]
    (cells, _), metres = tree.query_nearest(
        middles, max_distance=FURTHEST_M, return_distance=True, all_matches=False
    )
    found = np.full(len(middles), FURTHEST_M)
    found[cells] = metres
    return found


def pieces(shapes: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    """Cut lines into their straight pieces: the box of a river holds half a district."""
    parts = np.asarray(shapely.get_parts(np.array(shapes, object)))
    is_line = shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING
    spots, of = shapely.get_coordinates(parts[is_line], return_index=True)
    follows = of[:-1] == of[1:]
    straight = shapely.linestrings(np.stack((spots[:-1], spots[1:]), axis=1)[follows])
    return [*straight, *parts[~is_line]]
