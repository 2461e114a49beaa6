"""What a susceptibility map is asked for, its factors and classes: pure decisions."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.errors import Rejected
from hazards.events.rules import POINT_ACCURACY_M
from hazards.evidence.rules import MAPS

Numbers = NDArray[np.float64]
Codes = NDArray[np.int64]

METHOD = f"{MAPS}-1"
"""Raised whenever the same records and factors could give other numbers."""
SMALLEST_M = 100
MOST_CELLS = 150_000
FEWEST_CELLS_HIT = 30
"""Of fewer cells with a record no five parts can be tried that say anything."""
FOLDS = 5
BLOCKS = 49
"""Into about so many blocks an area is cut; a block is tried whole."""
FURTHEST_M = 10_000.0
"""A line farther off than this is no neighbour any more."""
NEAR_M = 500.0
"""So near a settlement must lie to the highest class to be proposed."""
MOST_PROPOSED = 50
FLAT_DEG = 1.0
SHARES = (0.25, 0.25, 0.25, 0.15, 0.10)
"""How much of the area each class takes, the lowest first."""
HIGHEST = len(SHARES)


class Kind(StrEnum):
    """What is brought in for it: rasters, and lines."""

    ELEVATION = "elevation"
    RAIN = "rain"
    FAULT = "fault"
    RIVER = "river"
    ROAD = "road"


RASTERS = (Kind.ELEVATION, Kind.RAIN)
LINES = (Kind.RIVER, Kind.ROAD, Kind.FAULT)
TO_LINE_M = (200.0, 500.0, 1_000.0, 2_000.0, 5_000.0)
BREAKS: dict[str, tuple[float, ...]] = {
    "slope": (5.0, 10.0, 15.0, 20.0, 25.0, 35.0, 45.0),
    "aspect": (22.5, 67.5, 112.5, 157.5, 202.5, 247.5, 292.5, 337.5),
    "curvature": (-0.05, 0.05),
    "river": TO_LINE_M,
    "road": TO_LINE_M,
    "fault": TO_LINE_M,
}
"""Where one class of a factor ends and the next begins; what is not here is cut in fifths."""
FIFTHS = (0.2, 0.4, 0.6, 0.8)
FACTORS = ("elevation", "slope", "aspect", "curvature", "river", "road", "fault", "rain")


@dataclass(frozen=True, slots=True)
class Asked:
    """The figures of a map: which records, how large a cell, and the seed of the blocks."""

    family: str
    side_m: int = 500
    seed: int = 1

    def checked(self) -> "Asked":
        """Hold that a record may be as vague as a cell, and no vaguer than a place can be."""
        if not SMALLEST_M <= self.side_m <= POINT_ACCURACY_M:
            raise Rejected(
                "A cell is from {least} to {most} m wide. Choose a width between.",
                least=SMALLEST_M,
                most=POINT_ACCURACY_M,
            )
        return self

    def told(self) -> dict[str, Any]:
        """Give the figures as they are kept with the map."""
        return asdict(self) | {"folds": FOLDS, "shares": list(SHARES)}


@dataclass(frozen=True, slots=True)
class Classed:
    """A factor over the cells: which class each is in, and from where to where a class goes."""

    name: str
    codes: Codes
    bounds: tuple[tuple[float | None, float | None], ...]


def classed(name: str, values: Numbers) -> Classed:
    """Put a factor's values into classes; of a cell without a value nothing is known (-1)."""
    known = np.isfinite(values)
    if name == "aspect":
        return Classed(name, _compass(values, known), _sectors())
    breaks = BREAKS.get(name) or fifths(values[known])
    codes = np.where(known, np.digitize(np.where(known, values, 0.0), breaks), -1)
    ends = [None, *breaks, None]
    return Classed(name, codes.astype(np.int64), tuple(pairwise(ends)))


def fifths(values: Numbers) -> tuple[float, ...]:
    """Cut values into fifths at numbers that a person can read."""
    cuts = np.quantile(values, FIFTHS) if len(values) else np.empty(0)
    return tuple(sorted({round(float(cut), -1 if abs(cut) >= 100 else 1) for cut in cuts}))


def _compass(values: Numbers, known: NDArray[np.bool_]) -> Codes:
    """Give 0 for the flat (told as -1), 1 for the north, and so on round by eighths."""
    turned = np.where(known, values, 0.0)
    sector = np.digitize(turned, BREAKS["aspect"]) % 8 + 1
    return np.where(known, np.where(turned < 0, 0, sector), -1).astype(np.int64)


def _sectors() -> tuple[tuple[float | None, float | None], ...]:
    ends = BREAKS["aspect"]
    return ((None, None), (ends[-1], ends[0]), *pairwise(ends))


def cuts(scores: Numbers, shares: Sequence[float] = SHARES) -> Numbers:
    """Give the scores at which one class of the map ends and the next begins."""
    found: Numbers = np.quantile(scores, np.cumsum(shares)[:-1])
    return found


def classes(scores: Numbers, at: Numbers) -> Codes:
    """Put scores into the classes of the map, 1 the lowest; a tie goes down."""
    found: Codes = np.searchsorted(at, scores, side="left") + 1
    return found
