"""Hot spots agree with the library's published example and with laying counts about by chance."""

import esda
import numpy as np
import pytest
from scipy import stats

from hazards.evidence.hot_spots import LEVEL, heat, tail

EXAMPLE = np.array([(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)], float)


def field(side: int) -> np.ndarray:
    return np.array([(x, y) for x in range(side) for y in range(side)], float)


def test_the_score_is_that_of_the_published_example(monkeypatch):
    # esda.G_Local with star=True and binary weights; its values are 20, 30, 32, 50, 80, 70 here.
    monkeypatch.setattr("hazards.evidence.hot_spots.FEWEST_CELLS", 6)
    found = heat(EXAMPLE, np.array([20, 30, 32, 50, 80, 70]), reach=15)
    published = [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331]
    assert found.scores == pytest.approx(published)


def test_chance_is_counted_exactly():
    # Drawing of twenty cells, five of which hold one record, is the hypergeometric law.
    counted = tail([1] * 5 + [0] * 15, 9)
    law = stats.hypergeom(20, 5, 9)
    assert counted == pytest.approx([law.sf(n - 1) for n in range(6)])


def test_chance_is_what_laying_the_counts_about_gives():
    counts = np.array([0] * 80 + [1] * 12 + [2] * 5 + [7] * 3)
    dice = np.random.default_rng(5)
    tried = np.array([dice.permutation(counts)[:9].sum() for _ in range(20_000)])
    counted = tail(counts.tolist(), 9)
    for records in (1, 4, 8):
        assert counted[records] == pytest.approx((tried >= records).mean(), abs=0.01)


def test_a_heap_of_records_is_hot_and_scattered_ones_are_not():
    cells = field(20)
    scattered = np.random.default_rng(3).poisson(0.1, len(cells))
    assert not heat(cells, scattered, reach=1.5).hot.any()
    heaped = scattered + 3 * (np.abs(cells - 10) < 2).all(axis=1)
    found = heat(cells, heaped, reach=1.5)
    assert found.cut == esda.fdr(found.p, LEVEL)
    assert found.hot[cells.tolist().index([10, 10])]
    assert not found.hot[(np.abs(cells - 10) > 4).any(axis=1)].any()


def test_nothing_is_hot_where_there_is_too_little_to_tell():
    assert not heat(field(3), np.arange(9), reach=1.5).hot.any()
    assert not heat(field(5), np.full(25, 2), reach=1.5).hot.any()
