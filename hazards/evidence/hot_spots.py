"""Hot spots: cells with more records in and around them than chance would put there.

The score is Getis and Ord's Gi* (1995), by `esda`. How often chance gives as much is not tried
but counted: of all ways to lay the cells' counts about anew, the share in which a cell and its
neighbours get as many. A trial of 999 ways cannot tell one in a thousand from one in a million,
and among thousands of cells that is what matters: so many are tried at once that the level is
lowered by the false discovery rate (Benjamini and Hochberg 1995, `esda.fdr`).
"""

import warnings
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import comb

import numpy as np
from esda import G_Local, fdr
from libpysal.weights import DistanceBand
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]
LEVEL = 0.05
FEWEST_CELLS = 16
REACH_IN_CELLS = 1.5
"""Neighbours of a cell are the eight around it: their middles lie 1 or 1.41 sides away."""


@dataclass(frozen=True, slots=True)
class Heat:
    """Gi* of every cell: its score, how often chance gives as much, and which cells are hot."""

    scores: Numbers
    p: Numbers
    cut: float
    hot: NDArray[np.bool_]


def heat(middles: Numbers, counts: Counts, *, reach: float) -> Heat:
    """Score cells by the records in and around them; `reach` is how far a neighbour may lie."""
    if len(counts) < FEWEST_CELLS or np.ptp(counts) == 0:
        size = len(counts)
        return Heat(np.zeros(size), np.ones(size), 0.0, np.zeros(size, np.bool_))
    with warnings.catch_warnings(action="ignore", category=UserWarning):
        # An area of several parts is no fault: each part has its own neighbours.
        weights = DistanceBand(middles, threshold=reach, silence_warnings=True)
    around = np.array([len(weights.neighbors[n]) + 1 for n in range(len(counts))])
    sums = counts + np.array([counts[weights.neighbors[n]].sum() for n in range(len(counts))])
    found = G_Local(counts.astype(float), weights, transform="B", star=True, permutations=0)
    p = chances(counts, sums, around)
    cut = float(fdr(p, LEVEL))
    return Heat(found.Zs, p, cut, p <= cut)


def chances(counts: Counts, sums: Counts, drawn: Counts) -> Numbers:
    """Give for each cell how often so many cells drawn at random hold as many records."""
    tails = {int(size): tail(counts.tolist(), int(size)) for size in np.unique(drawn)}
    return np.array([tails[int(k)][int(s)] for k, s in zip(drawn, sums, strict=True)])


def tail(counts: Iterable[int], drawn: int) -> Numbers:
    """Give the probabilities that cells drawn without replacement hold at least 0, 1, 2 … records.

    Counted exactly: the ways to draw j cells with s records, one kind of count after the other.
    """
    kinds = Counter(counts)
    most = sum(sorted(kinds.elements(), reverse=True)[:drawn])
    ways = [[0] * (most + 1) for _ in range(drawn + 1)]
    ways[0][0] = 1
    for value, cells in kinds.items():
        after = [[0] * (most + 1) for _ in range(drawn + 1)]
        for before, row in enumerate(ways):
            for taken in range(min(cells, drawn - before) + 1):
                choices, shift = comb(cells, taken), taken * value
                for records, number in enumerate(row[: most + 1 - shift]):
                    if number:
                        after[before + taken][records + shift] += number * choices
        ways = after
    whole = sum(ways[drawn])
    exact = [number / whole for number in ways[drawn]]
    return np.cumsum(exact[::-1])[::-1].clip(0, 1)
