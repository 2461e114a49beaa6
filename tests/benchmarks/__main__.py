"""`python -m tests.benchmarks [name…]`: run, print the table, write `build/bench.json`."""

import argparse
import importlib
import pkgutil
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests import benchmarks
from tests.benchmarks import page
from tests.benchmarks.harness import Result, chosen, measure, write
from tests.benchmarks.lab import Lab
from tests.benchmarks.page import number

OUT = Path("build/bench.json")


def enlist_all() -> None:
    """Import every `bench_*.py`, which puts its contests on the list."""
    for module in pkgutil.iter_modules(benchmarks.__path__):
        if module.name.startswith("bench_"):
            importlib.import_module(f"tests.benchmarks.{module.name}")


def table(results: list[Result]) -> Table:
    """Lay the results out for people."""
    shown = Table(title="ratio floor: our time / the least possible; peer: times faster than it")
    for heading in ("name", "unit", "ours", "floor", "peer", "/floor", "×peer", "rows", "peak MB"):
        shown.add_column(heading, justify="left" if heading in {"name", "unit"} else "right")
    for r in results:
        shown.add_row(
            r.name,
            r.unit,
            *(number(v) for v in (r.ours, r.floor, r.peer)),
            number(r.ratio_floor, "×"),
            number(r.ratio_peer, "×"),
            number(r.rows),
            number(r.peak_mb),
        )
    return shown


def main() -> None:
    """Run what the command line names, all by default."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("names", nargs="*", help="beginnings of names, such as import/")
    parser.add_argument("--points", type=int, default=250_000)
    parser.add_argument("--list", action="store_true", help="only say what there is")
    parser.add_argument("--page", type=Path, help="write the last figures into this page")
    asked = parser.parse_args()
    enlist_all()
    if asked.page:
        page.write(asked.page, OUT, chosen([]))
        return
    console, results = Console(), []
    if asked.list:
        console.print("\n".join(b.name for b in chosen(asked.names)))
        return
    with Lab(points=asked.points) as lab:
        for bench in chosen(asked.names):
            console.print(f"[dim]{bench.name} …")
            results.append(measure(bench, lab))
            write(results, OUT)
    console.print(table(results))
    console.print(f"{len(results)} results in {OUT}")


if __name__ == "__main__":
    main()
