"""Where records lie so densely that they are more than one chance: DBSCAN over true distances."""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import DBSCAN
from sklearn.neighbors import BallTree

from gis.errors import Rejected

EARTH_M = 6_371_008.8
"""Mean radius of the earth: distances on the sphere are right to half a per cent."""
ALONE = -1
MOST_PAIRS = 200_000_000
"""So many pairs are held at once, in 1.6 GB; millions of records have tens of each."""
LOOKED_AT = 2_000
TOO_DENSE = (
    "The records lie too densely: within {metres} m of each other there are {pairs} pairs of"
    " places, and {most} are looked at. Search within fewer metres."
)
Places = NDArray[np.float64]
"""Rows of longitude and latitude."""


def dense(places: Places, *, within_m: float, fewest: int) -> NDArray[np.int64]:
    """Give each record the number of its cluster, or ALONE.

    A cluster grows from records that have `fewest` records, itself among them, within reach.
    Records of one spot are looked at as one with their number: a thousand at the middle of a town
    are otherwise a million pairs.
    """
    if len(places) == 0:
        return np.empty(0, np.int64)
    spots, spot_of, number = apart(places)
    within = within_m / EARTH_M
    if len(spots) ** 2 > MOST_PAIRS:
        checked_pairs(np.radians(spots[:, ::-1]), within_m=within_m)
    found = DBSCAN(eps=within, min_samples=fewest, metric="haversine", algorithm="ball_tree").fit(
        np.radians(spots[:, ::-1]), sample_weight=number if number.max() > 1 else None
    )
    labels: NDArray[np.int64] = found.labels_.astype(np.int64)[spot_of]
    return labels


def apart(places: Places) -> tuple[Places, NDArray[np.int64], NDArray[np.int64]]:
    """Give the different places in the order they first come, where each is, and how often."""
    spots, first, spot_of, number = np.unique(
        places, axis=0, return_index=True, return_inverse=True, return_counts=True
    )
    order = np.argsort(first)
    turn = np.empty_like(order)
    turn[order] = np.arange(len(order))
    return spots[order], turn[spot_of], number[order]


def checked_pairs(places: Places, *, within_m: float) -> None:
    """Hold that all pairs within reach find room in memory, by a look at some of the places."""
    some = places[np.linspace(0, len(places) - 1, LOOKED_AT).astype(int)]
    tree = BallTree(places, metric="haversine")
    near = tree.query_radius(some, within_m / EARTH_M, count_only=True)
    pairs = near.mean() * len(places)
    if pairs > MOST_PAIRS:
        raise Rejected(
            TOO_DENSE, most=f"{MOST_PAIRS:,}", metres=f"{within_m:,.0f}", pairs=f"{pairs:,.0f}"
        )


def grouped(labels: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Give the rows of each cluster, in the order of its first row."""
    rows = np.argsort(labels, kind="stable")
    begins = np.searchsorted(labels[rows], np.arange(labels.max(initial=ALONE) + 2))
    return [rows[first:end] for first, end in pairwise(begins)]


def middle(places: Places, accuracies_m: Sequence[float]) -> tuple[float, float]:
    """Give the middle of some records; the exact ones weigh more, none of them everything."""
    weights = np.array([1 / (100 + accuracy) for accuracy in accuracies_m])
    lon, lat = np.average(places, axis=0, weights=weights)
    return float(lon), float(lat)


def rounded_up(metres: float) -> int:
    """Round a distance up, so that what is said to lie within it does."""
    step = 50 if metres <= 1_000 else 100
    return max(step, math.ceil(metres / step) * step)
