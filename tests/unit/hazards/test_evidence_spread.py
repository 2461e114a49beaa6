"""Records spread over the workers of a Dask scheduler: the numbers are those of one machine."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from shapely import Point

from hazards.evidence import grid, islands, looking, spread
from hazards.evidence.rules import Asked, Known
from tests.evidence import beside, known
from tests.schedulers import scheduling
from tests.world import IN_GAOSUNTANG

ASKED = Asked("geological")
GROUND = IN_GAOSUNTANG.buffer(0.4)


def scattered(count: int = 600) -> list[Known]:
    """Heaps, chains that lead from one heap to the next, single ones, vague and undated ones."""
    dice, found = Random(5), []
    for n in range(count):
        heap = beside(IN_GAOSUNTANG, 9_000 * dice.randrange(-3, 4), 9_000 * dice.randrange(-3, 4))
        place = beside(heap, dice.gauss(0, 1_500), dice.gauss(0, 1_500))
        day = f"{dice.randrange(1990, 2024)}-{dice.randrange(1, 13):02}-{dice.randrange(1, 29):02}"
        accuracy = dice.choice([50.0, 250.0, 900.0, 5_000.0, None])
        precision = dice.choice(["day", "day", "month", "year"])
        one = known(place, day, accuracy_m=accuracy, precision=precision)
        found.append(replace(one, number=str(n), source=dice.choice(["a", "b"])))
    return found


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    with scheduling() as address:
        yield address


def test_records_over_two_workers_give_the_numbers_of_one_machine(scheduler):
    records = scattered()
    with spread.over(scheduler) as way:
        far, heat = way.look(records, ASKED), way.hot_cells(GROUND, records)
        none = way.look([], ASKED)
    here = looking.look(records, ASKED)
    assert len(here.findings) > 20
    assert {f.evidence for f in here.findings} == {"historical", "high_frequency"}
    assert [(f.evidence, f.records, f.facts) for f in far.findings] == [
        (f.evidence, f.records, f.facts) for f in here.findings
    ]
    assert far == here
    assert heat == grid.hot_cells(GROUND, records)
    assert none == looking.look([], ASKED)


@pytest.mark.parametrize(
    ("middle", "about"),
    [(Point(108.4, 30.8), 0.02), (Point(179.999, 0), 0.02), (Point(30, 89.5), 0.4)],
    ids=["here", "date line", "pole"],
)
def test_no_reach_leads_from_one_island_to_another(middle, about):
    dice = np.random.default_rng(3)
    places = np.array(middle.coords[0]) + dice.uniform(-about, about, (60, 2))
    places[:, 0] = (places[:, 0] + 180) % 360 - 180
    places[:, 1] = places[:, 1].clip(-90, 90)
    cells, which = np.unique(islands.cells_of(places, within_m=200), axis=0, return_inverse=True)
    island = islands.joined(cells)[which]
    assert len(set(island.tolist())) > 1
    lon, lat = np.radians(places).T
    space = np.column_stack((np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)))
    away = islands.EARTH_M * np.linalg.norm(space[:, None] - space[None], axis=2)
    near = away <= 199.9
    assert near.sum() > len(places)
    assert (island[:, None] == island[None])[near].all()
