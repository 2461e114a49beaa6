"""Whether records that lie close together also come close in time, more often than by chance.

Knox's test (1964), by `pointpats`: pairs of records near in space and in time are counted, and
counted again with the dates laid about anew. The shuffles are drawn from a seed that is kept, so
the same records and figures give the same numbers.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import pyproj
from numpy.typing import NDArray
from pointpats import Knox
from scipy.spatial import KDTree

from gis.crs import WGS84
from hazards.evidence import recurrence
from hazards.evidence.rules import Asked, Known

Lying = NDArray[np.float64]
"""A row for each record: metres east and north, or days."""
SEED = 19_640_101
SHUFFLES = 999
FEWEST = 10
"""Of fewer dated records nothing is said."""
MOST_SHUFFLED = 5_000
"""Of more records the chance is Poisson's alone: a shuffle costs a look at every pair."""
MOST_PAIRED = 100_000
"""Of more records nothing is said: those near in time alone make billions of pairs."""
MOST_PAIRS = 5_000_000
"""Of more pairs near in space or in time nothing is said: each is held, in some hundred bytes."""


def interaction(records: Sequence[Known], asked: Asked) -> dict[str, Any]:
    """Count pairs near in space and time; of too few or too many nothing is said."""
    dated = [one for one in records if recurrence.is_day(one.span)]
    if not FEWEST <= len(dated) <= MOST_PAIRED:
        return {}
    places, days = metres(dated), np.array([[one.span.first] for one in dated])
    if max(pairs(days, asked.close_days), pairs(places, asked.within_m)) > MOST_PAIRS:
        return {}
    shuffles = SHUFFLES if len(dated) <= MOST_SHUFFLED else 0
    with drawn_from(SEED):
        found = Knox(
            places, days, delta=asked.within_m, tau=asked.close_days, permutations=shuffles
        )
    near = int(found.observed[0].sum())
    if not near:
        return {}
    chance = found.p_sim if shuffles else found.p_poisson
    return {
        "records": len(dated),
        "near": near,
        "both": found.nst,
        "expected": round(float(found.expected[0, 0]), 2),
        "p": round(float(chance), 4),
        "p_poisson": round(float(found.p_poisson), 4),
        "shuffles": shuffles,
        "seed": SEED,
    }


def pairs(lying: Lying, within: float) -> int:
    """Count the pairs that lie within reach of each other."""
    tree = KDTree(lying)
    return (int(tree.count_neighbors(tree, within)) - len(lying)) // 2


def metres(records: Sequence[Known]) -> Lying:
    """Lay records flat about their middle."""
    lon = np.array([one.longitude for one in records])
    lat = np.array([one.latitude for one in records])
    local = f"+proj=aeqd +lat_0={lat.mean()} +lon_0={lon.mean()} +datum=WGS84 +units=m"
    flat = pyproj.Transformer.from_crs(WGS84, local, always_xy=True)
    return np.column_stack(flat.transform(lon, lat))


@contextmanager
def drawn_from(seed: int) -> Iterator[None]:
    """Let the library's shuffles, which draw from numpy's own state, begin at a seed."""
    before = np.random.get_state()  # noqa: NPY002 - the library knows no other
    np.random.seed(seed)  # noqa: NPY002 - as above
    try:
        yield
    finally:
        np.random.set_state(before)  # noqa: NPY002 - as above
