"""How a file of roads becomes a graph: split where roads meet, metres, seconds. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gis.errors import Rejected

# A tenth of a metre: nearer ends are the same crossing.
DIGITS = 6
ONE_WAY = frozenset({"yes", "true", "1", "y", "t", "是", "单行"})
AGAINST = frozenset({"-1", "reverse"})
DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Road:
    """One line of the file: its shape, how fast it is driven, which way."""

    line: BaseGeometry
    kmh: float
    forth: bool = True
    back: bool = True
    length_m: float | None = None


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes (longitude, latitude) and edges between them, numbered from 1."""

    nodes: NDArray[np.float64]
    ends: NDArray[np.int64]
    lines: NDArray[np.object_]
    roads: NDArray[np.int64]
    """For each edge which road of the file it is a piece of."""


def speed(kind: str, speeds: Mapping[str, float]) -> float:
    """Give the km/h of a kind of road; an unknown kind is driven like any other road."""
    return speeds.get(kind.strip().lower().removesuffix("_link"), speeds[DEFAULT])


def ways(said: str) -> tuple[bool, bool]:
    """Tell whether a road may be driven along its line, and against it."""
    word = said.strip().lower()
    return word not in AGAINST, word not in ONE_WAY


def graph(lines: Sequence[BaseGeometry]) -> Graph:
    """Make a graph of lines: split wherever two of them share a point, as ways of a map do."""
    parts, of_part = shapely.get_parts(np.asarray(lines, dtype=object), return_index=True)
    points, of_point = shapely.get_coordinates(parts, return_index=True)
    if not len(points):
        raise Rejected("The file holds no line. A road graph is made of lines.")
    keys, vertex = np.unique(np.round(points, DIGITS), axis=0, return_inverse=True)
    vertex = vertex.reshape(-1)
    cut = cuts(vertex, of_point, len(keys))
    starts, stops = pieces(cut, of_point)
    kept = vertex[starts] != vertex[stops]
    starts, stops = starts[kept], stops[kept]
    shapes = np.array(
        [shapely.LineString(points[a : b + 1]) for a, b in zip(starts, stops, strict=True)],
        dtype=object,
    )
    used, ends = np.unique(np.concatenate([vertex[starts], vertex[stops]]), return_inverse=True)
    pairs = ends.reshape(2, -1).T + 1
    return Graph(keys[used], pairs.astype(np.int64), shapes, of_part[of_point[starts]])


def cuts(vertex: NDArray[np.int64], of_point: NDArray[np.int64], count: int) -> NDArray[np.bool_]:
    """Mark the points at which a line is cut: its ends, and where another line has a point."""
    lines_at = np.unique(np.column_stack([vertex, of_point]), axis=0)
    shared = np.bincount(lines_at[:, 0], minlength=count) > 1
    change = np.flatnonzero(np.diff(of_point)) + 1
    ends = np.zeros(len(vertex), dtype=np.bool_)
    ends[np.concatenate([[0], change])] = True
    ends[np.concatenate([change - 1, [len(vertex) - 1]])] = True
    cut: NDArray[np.bool_] = ends | shared[vertex]
    return cut


def pieces(
    cut: NDArray[np.bool_], of_point: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give where each piece between two cuts begins and ends."""
    at = np.flatnonzero(cut)
    same_line = of_point[at[:-1]] == of_point[at[1:]]
    return at[:-1][same_line], at[1:][same_line]
