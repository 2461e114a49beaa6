"""A search over many disaster records: on one machine, and on the workers of a Dask scheduler."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import numpy as np

from gis.store.base import new_id
from hazards.evidence import clusters, looking, spread
from hazards.evidence.looking import Look
from hazards.evidence.rules import Asked, Known
from hazards.evidence.searching import Way
from tests.benchmarks.harness import Contest, benchmark
from tests.benchmarks.lab import Lab
from tests.schedulers import scheduling

RECORDS = 100_000
MILLION = 1_000_000
A_HEAP = 8.3
ASKED = Asked("geological")
SEED = 19_981


def made_up(number: int) -> list[Known]:
    """Records in heaps over a large country, dated and exact to some hundred metres."""
    rng = np.random.default_rng(SEED)
    heaps = np.column_stack(
        [rng.uniform(*box, int(number / A_HEAP)) for box in ((75, 130), (20, 50))]
    )
    places = heaps[rng.integers(0, len(heaps), number)] + rng.normal(0, 0.006, (number, 2))
    days = np.datetime64("1990-01-01") + rng.integers(0, 12_000, number)
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
    return on_one_machine(made_up(RECORDS), rounds=3)


@benchmark("evidence/search-million", unit="rows/s", rows=MILLION)
def search_a_million(lab: Lab) -> Contest:
    """The same of a million records."""
    del lab
    return on_one_machine(made_up(MILLION), rounds=1)


@benchmark("evidence/dask", unit="rows/s", rows=RECORDS)
def dask(lab: Lab) -> Contest:
    """The same on two workers of a Dask scheduler, sending included; the peer is one machine."""
    del lab
    return on_workers(made_up(RECORDS), rounds=1)


@benchmark("evidence/dask-million", unit="rows/s", rows=MILLION)
def dask_a_million(lab: Lab) -> Contest:
    """The same of a million records; it ends with an error if a number differs between the two."""
    del lab
    return on_workers(made_up(MILLION), rounds=1)


def on_one_machine(records: list[Known], *, rounds: int) -> Contest:
    """Set our look beside the bare clusters of the same places."""
    places = looking.places_of(records)
    bare = {"within_m": ASKED.within_m, "fewest": ASKED.fewest}
    return Contest(
        ours=lambda: looking.look(records, ASKED),
        floor=lambda: clusters.dense(places, **bare),
        rounds=rounds,
        warm_up=0,
    )


def on_workers(records: list[Known], *, rounds: int) -> Contest:
    """Set two workers beside one machine; both have to give the same."""
    ways, told = list[Way](), list[Look]()

    @contextmanager
    def around() -> Iterator[None]:
        with scheduling() as address, spread.over(address) as way:
            ways.append(way)
            yield

    def hold(said: Look) -> None:
        told.append(said)
        if said != told[0]:
            raise AssertionError("The workers say something else than one machine.")

    return Contest(
        ours=lambda: hold(ways[0].look(records, ASKED)),
        peer=lambda: hold(looking.look(records, ASKED)),
        around=around(),
        rounds=rounds,
        warm_up=0,
    )
