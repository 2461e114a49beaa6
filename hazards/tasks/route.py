"""The order of the way: nearest first, then every crossing untied. Pure."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from shapely import Point

METRES_PER_DEGREE = 111_320.0
MOST_PASSES = 30
SLIGHT_M = 1e-6


def order(places: Sequence[Point], *, start: Point | None = None) -> list[int]:
    """Give the places' numbers in the order of a short way; without a start the first is it."""
    if not places:
        return []
    away = _metres([start or places[0], *places])
    way = _untied(_nearest(away), away)
    return [stop - 1 for stop in way[1:]]


def legs_m(places: Sequence[Point], *, start: Point | None = None) -> list[float]:
    """Give how far each place is from the one before."""
    if not places:
        return []
    away = _metres([start or places[0], *places])
    return [float(away[number, number + 1]) for number in range(len(places))]


def _metres(places: Sequence[Point]) -> NDArray[np.float64]:
    """Measure all pairs; a street is small enough to be flat."""
    at = np.array([(place.x, place.y) for place in places])
    at[:, 0] *= np.cos(np.radians(at[:, 1].mean()))
    between = (at[:, None, :] - at[None, :, :]) * METRES_PER_DEGREE
    measured: NDArray[np.float64] = np.hypot(between[..., 0], between[..., 1])
    return measured


def _nearest(away: NDArray[np.float64]) -> list[int]:
    way, left = [0], set(range(1, len(away)))
    while left:
        way.append(min(left, key=lambda stop: (away[way[-1], stop], stop)))
        left.remove(way[-1])
    return way


def _untied(way: list[int], away: NDArray[np.float64]) -> list[int]:
    """Turn stretches of the way round as long as that makes it shorter (2-opt, open end)."""
    for _ in range(MOST_PASSES):
        if not _one_pass(way, away):
            break
    return way


def _one_pass(way: list[int], away: NDArray[np.float64]) -> bool:
    shorter = False
    for first in range(1, len(way) - 1):
        for last in range(first + 1, len(way)):
            before, begin, end = way[first - 1], way[first], way[last]
            now, then = away[before, begin], away[before, end]
            if last + 1 < len(way):
                now, then = now + away[end, way[last + 1]], then + away[begin, way[last + 1]]
            if then < now - SLIGHT_M:
                way[first : last + 1] = way[first : last + 1][::-1]
                shorter = True
    return shorter
