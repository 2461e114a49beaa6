"""A search over many disaster records: on one machine, and on the workers of a Dask scheduler."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import numpy as np

from gis.store.base import new_id
from hazards.evidence import clusters, looking, spread
from hazards.evidence.rules import Asked, Known
from hazards.evidence.searching import Way
from tests.benchmarks.harness import Contest, benchmark
from tests.benchmarks.lab import Lab
from tests.schedulers import scheduling

RECORDS = 100_000
HEAPS = 12_000
ASKED = Asked("geological")
SEED = 19_981


def made_up() -> list[Known]:
    """Records in heaps over a large country, dated and exact to some hundred metres."""
    rng = np.random.default_rng(SEED)
    heaps = np.column_stack((rng.uniform(75, 130, HEAPS), rng.uniform(20, 50, HEAPS)))
    places = heaps[rng.integers(0, HEAPS, RECORDS)] + rng.normal(0, 0.006, (RECORDS, 2))
    days = np.datetime64("1990-01-01") + rng.integers(0, 12_000, RECORDS)
    moments = days.astype("datetime64[s]").astype(np.int64)
    return [
        Known(new_id(), "synthetic", str(n), "landslide", moment, "day", lon, lat, 250.0)
        for n, (moment, (lon, lat)) in enumerate(
            zip(map(moment_of, moments.tolist()), places.tolist(), strict=True)
        )
    ]


def moment_of(seconds: int) -> datetime:
    """Give a moment by its seconds."""
    return datetime.fromtimestamp(seconds, UTC)


@benchmark("evidence/search", unit="rows/s", rows=RECORDS)
def search(lab: Lab) -> Contest:
    """Look through 100,000 made-up records on one machine; the floor is the bare DBSCAN alone."""
    del lab
    records = made_up()
    places = looking.places_of(records)
    bare = {"within_m": ASKED.within_m, "fewest": ASKED.fewest}
    return Contest(
        ours=lambda: looking.look(records, ASKED),
        floor=lambda: clusters.dense(places, **bare),
        rounds=3,
        warm_up=1,
    )


@benchmark("evidence/dask", unit="rows/s", rows=RECORDS)
def dask(lab: Lab) -> Contest:
    """The same on two workers of a Dask scheduler, sending included; the peer is one machine."""
    del lab
    records, ways = made_up(), list[Way]()

    @contextmanager
    def around() -> Iterator[None]:
        with scheduling() as address, spread.over(address) as way:
            ways.append(way)
            yield

    return Contest(
        ours=lambda: ways[0].look(records, ASKED),
        peer=lambda: looking.look(records, ASKED),
        around=around(),
        rounds=3,
        warm_up=1,
    )
