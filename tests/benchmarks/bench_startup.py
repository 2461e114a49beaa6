"""How long a second `yitong run` takes to answer; the floor is its database's start alone."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gis.store.cluster import Cluster
from tests.benchmarks.harness import Contest, Spent, benchmark
from tests.benchmarks.lab import Lab
from tests.platforms import Platform, small_city
from tests.processes import free_port


@benchmark("startup/second", unit="ms")
def second_start(_: Lab) -> Contest:
    """The second `yitong run` until it answers, beside the start of its database alone."""
    home = small_city()
    cluster = Cluster(home / "postgres")
    cluster.stop()

    def ours() -> Spent:
        platform = Platform(home, free_port())
        begun = time.perf_counter()
        platform.start()
        platform.wait_until(platform.answers)
        seconds = time.perf_counter() - begun
        platform.end()
        return Spent(seconds)

    def floor() -> Spent:
        begun = time.perf_counter()
        cluster.ensure_running()
        seconds = time.perf_counter() - begun
        cluster.stop()
        return Spent(seconds)

    return Contest(ours, floor, rounds=5, warm_up=1, around=removing(home))


@contextmanager
def removing(home: Path) -> Iterator[None]:
    yield
    shutil.rmtree(home)
