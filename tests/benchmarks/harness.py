"""Measure ours, the floor and the peer in turns, so that a busy machine hits all three alike.

A benchmark is a function in a `bench_*.py` beside this file:

    @benchmark("features/1000", unit="ms", rows=1000)
    def features(lab: Lab) -> Contest:
        ...
        return Contest(ours=ask_our_server, floor=bare_sql, peer=ask_tipg)

`ours`, `floor` and `peer` do the work once. The harness times them, unless they return a
`Spent` of their own (see `programs.py` for whole programs, with memory).
"""

import json
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, field
from itertools import cycle, permutations
from pathlib import Path
from typing import Literal

from tests.benchmarks.lab import Lab

Unit = Literal["ms", "rows/s"]


@dataclass(frozen=True, slots=True)
class Spent:
    """What one run cost."""

    seconds: float
    peak_mb: float | None = None


Run = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Contest:
    """One piece of work done three ways. `around` holds what must stand while they run."""

    ours: Run
    floor: Run | None = None
    peer: Run | None = None
    rounds: int = 15
    warm_up: int = 2
    around: AbstractContextManager[object] = field(default_factory=nullcontext)
    rows: int | None = None
    """How many rows one run handles, where only the lab knows."""


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A named contest; `rows` is how many rows one run handles."""

    name: str
    unit: Unit
    rows: int | None
    prepare: Callable[[Lab], Contest]


@dataclass(frozen=True, slots=True)
class Result:
    """One line of `build/bench.json`.

    `ratio_floor` is our time as a multiple of the floor's (1 is perfect), `ratio_peer` is
    how many times faster than the peer we are (more is better), whatever the unit.
    """

    name: str
    unit: Unit
    ours: float
    floor: float | None
    peer: float | None
    ratio_floor: float | None
    ratio_peer: float | None
    rows: int | None
    peak_mb: float | None


BENCHMARKS: dict[str, Benchmark] = {}


def benchmark(
    name: str, *, unit: Unit, rows: int | None = None
) -> Callable[[Callable[[Lab], Contest]], Callable[[Lab], Contest]]:
    """Put a contest on the list under a name of `design.md`."""

    def enlist(prepare: Callable[[Lab], Contest]) -> Callable[[Lab], Contest]:
        if name in BENCHMARKS:
            msg = f"two benchmarks are named {name}"
            raise ValueError(msg)
        BENCHMARKS[name] = Benchmark(name, unit, rows, prepare)
        return prepare

    return enlist


def timed(run: Run) -> Spent:
    """Do the work once and say what it cost."""
    begun = time.perf_counter()
    result = run()
    seconds = time.perf_counter() - begun
    return result if isinstance(result, Spent) else Spent(seconds)


def in_turns(contest: Contest) -> dict[str, list[Spent]]:
    """Run ours, floor and peer one after the other, round by round, each time in another order.

    Whoever always came after a heavy peer would find the processor's caches full of its work, and
    whoever came after ours would find the pages of the same question at hand.
    """
    entrants = {"ours": contest.ours, "floor": contest.floor, "peer": contest.peer}
    runs = {name: run for name, run in entrants.items() if run is not None}
    spent: dict[str, list[Spent]] = {name: [] for name in runs}
    orders = cycle(permutations(runs))
    for turn, order in zip(range(contest.warm_up + contest.rounds), orders, strict=False):
        for name in order:
            cost = timed(runs[name])
            if turn >= contest.warm_up:
                spent[name].append(cost)
    return spent


def shown(seconds: float | None, unit: Unit, rows: int | None) -> float | None:
    """Give seconds in the benchmark's unit."""
    if seconds is None:
        return None
    return seconds * 1000 if unit == "ms" else (rows or 1) / seconds


def measure(bench: Benchmark, lab: Lab) -> Result:
    """Run one benchmark and compare the medians."""
    contest = bench.prepare(lab)
    with contest.around:
        spent = in_turns(contest)
    middle = {n: statistics.median(s.seconds for s in runs) for n, runs in spent.items()}
    ours, floor, peer = middle["ours"], middle.get("floor"), middle.get("peer")
    rows = bench.rows if contest.rows is None else contest.rows
    peaks = [s.peak_mb for s in spent["ours"] if s.peak_mb is not None]
    return Result(
        name=bench.name,
        unit=bench.unit,
        ours=shown(ours, bench.unit, rows) or 0.0,
        floor=shown(floor, bench.unit, rows),
        peer=shown(peer, bench.unit, rows),
        ratio_floor=ours / floor if floor else None,
        ratio_peer=peer / ours if peer else None,
        rows=rows,
        peak_mb=max(peaks, default=None),
    )


def chosen(patterns: list[str]) -> Iterator[Benchmark]:
    """Give the benchmarks whose name begins with one of the patterns; all without any."""
    for name in sorted(BENCHMARKS):
        if not patterns or any(name.startswith(p) for p in patterns):
            yield BENCHMARKS[name]


def write(results: list[Result], path: Path) -> None:
    """Write the results as a list; a partial run replaces only what it measured."""
    old = json.loads(path.read_text()) if path.exists() else []
    fresh = {r.name: asdict(r) for r in results}
    merged = {line["name"]: line for line in old} | fresh
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([merged[n] for n in sorted(merged)], indent=1) + "\n")
