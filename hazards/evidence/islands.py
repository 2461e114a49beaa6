"""Records parted into islands: no two of different islands lie within reach of each other.

Whatever looks at records within reach of each other gives of whole islands what it gives of all.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from hazards.evidence.clusters import EARTH_M, Places

Cells = NDArray[np.int64]
"""Rows of three numbers: cubes in space, whose sides are the reach."""


def cells_of(places: Places, *, within_m: float) -> Cells:
    """Give each record's cube: who is within reach lies in the same one or one that touches it.

    In space no meridian and no pole is a border; a straight line is never longer than the arc.
    """
    lon, lat = np.radians(places).T
    level = np.cos(lat)
    space = np.column_stack((level * np.cos(lon), level * np.sin(lon), np.sin(lat)))
    cells: Cells = np.floor(space * (EARTH_M / within_m)).astype(np.int64)
    return cells


def joined(cells: Cells) -> NDArray[np.int64]:
    """Number the island of each of different cubes: those that touch are of one island."""
    pairs = KDTree(cells).query_pairs(1.5, p=np.inf, output_type="ndarray")
    size, ones = len(cells), np.ones(len(pairs), np.int8)
    touching = coo_array((ones, (pairs[:, 0], pairs[:, 1])), shape=(size, size))
    labels: NDArray[np.int64] = connected_components(touching, directed=False)[1].astype(np.int64)
    return labels
