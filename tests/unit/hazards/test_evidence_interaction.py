"""Knox's test of closeness in space and time: the library's own example, and ours in its words."""

from datetime import date, timedelta

import geopandas
import libpysal
import numpy as np
import pytest
from pointpats import Knox

from hazards.evidence.interaction import drawn_from, interaction
from hazards.evidence.rules import Asked
from tests.evidence import beside, known
from tests.world import IN_GAOSUNTANG

ASKED = Asked("geological")


def in_pairs(*, apart_days: int):
    """Give places 5 km apart, two records at each, the pairs of all years."""
    start = date(2001, 1, 1)
    for n in range(12):
        first = start + timedelta(days=400 * n)
        for day in (first, first + timedelta(days=apart_days)):
            yield known(beside(IN_GAOSUNTANG, 5_000 * n, 10 * (day != first)), day.isoformat())


def test_the_librarys_published_example_comes_out_the_same():
    frame = geopandas.read_file(libpysal.examples.get_path("burkitt.shp"))
    with drawn_from(12345):
        found = Knox(frame[["X", "Y"]], frame[["T"]], delta=20, tau=5)
    assert (found.statistic_, found.p_sim) == (13, 0.21)
    assert found.p_poisson == pytest.approx(0.14624558197140414)
    assert found.observed.tolist() == [[13, 3416], [39, 14110]]


def test_pairs_that_follow_each_other_are_more_than_chance_and_come_out_the_same():
    followed = list(in_pairs(apart_days=7))
    found = interaction(followed, ASKED)
    assert (found["records"], found["near"], found["both"]) == (24, 12, 12)
    # 12 pairs near in space by 12 near in time of all 276.
    assert found["expected"] == pytest.approx(12 * 12 / 276, abs=0.01)
    assert found["p"] == 0.001
    state = np.random.get_state()[1].tolist()  # noqa: NPY002 - the library's own
    assert interaction(followed, ASKED) == found
    assert np.random.get_state()[1].tolist() == state  # noqa: NPY002 - as above


def test_pairs_that_do_not_follow_each_other_may_be_chance():
    found = interaction(list(in_pairs(apart_days=180)), ASKED)
    assert (found["near"], found["both"]) == (12, 0)
    assert found["p"] == 1


def test_of_few_records_or_of_none_that_lie_near_nothing_is_said():
    assert interaction(list(in_pairs(apart_days=7))[:8], ASKED) == {}
    apart = [known(beside(IN_GAOSUNTANG, 5_000 * n), "2016-07-08") for n in range(12)]
    assert interaction(apart, ASKED) == {}
    vague = [known(IN_GAOSUNTANG, f"20{n}-01-01", precision="year") for n in range(10, 24)]
    assert interaction(vague, ASKED) == {}
