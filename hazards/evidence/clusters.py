"""Where records lie so densely that they are more than one chance: DBSCAN over true distances."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import DBSCAN

EARTH_M = 6_371_008.8
"""Mean radius of the earth: distances on the sphere are right to half a per cent."""
ALONE = -1
Places = NDArray[np.float64]
"""Rows of longitude and latitude."""


def dense(places: Places, *, within_m: float, fewest: int) -> NDArray[np.int64]:
    """Give each record the number of its cluster, or ALONE.

    A cluster grows from records that have `fewest` records, itself among them, within reach.
    """
    if len(places) == 0:
        return np.empty(0, np.int64)
    found = DBSCAN(
        eps=within_m / EARTH_M, min_samples=fewest, metric="haversine", algorithm="ball_tree"
    ).fit(np.radians(places[:, ::-1]))
    labels: NDArray[np.int64] = found.labels_.astype(np.int64)
    return labels


def grouped(labels: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Give the rows of each cluster, in the order of its first row."""
    return [np.flatnonzero(labels == label) for label in range(labels.max(initial=ALONE) + 1)]


def middle(places: Places, accuracies_m: Sequence[float]) -> tuple[float, float]:
    """Give the middle of some records; the exact ones weigh more, none of them everything."""
    weights = np.array([1 / (100 + accuracy) for accuracy in accuracies_m])
    lon, lat = np.average(places, axis=0, weights=weights)
    return float(lon), float(lat)


def rounded_up(metres: float) -> int:
    """Round a distance up, so that what is said to lie within it does."""
    step = 50 if metres <= 1_000 else 100
    return max(step, math.ceil(metres / step) * step)
