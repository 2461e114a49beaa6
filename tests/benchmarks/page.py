"""Writes what was measured into the docs, between two marks: nobody copies figures by hand."""

import json
import os
import platform
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.benchmarks.harness import Benchmark

BEGIN, END = "<!-- figures: written by the command above -->", "<!-- end of figures -->"
HEAD = """\
| | unit | ours | floor | ours / floor | peer | times faster than peer | peak MB |
|---|---|--:|--:|--:|--:|--:|--:|"""

Line = Mapping[str, Any]


def number(value: float | None, suffix: str = "") -> str:
    """Show three figures, or a dash for what there is not."""
    if value is None:
        return "–"
    return (f"{value:,.0f}" if value >= 1000 else f"{value:.3g}") + suffix


def told(bench: Benchmark) -> str:
    """Say in one line what a benchmark does: the first paragraph of its function's text."""
    first = (bench.prepare.__doc__ or "").strip().split("\n\n")[0]
    return " ".join(first.split())


def row(line: Line) -> str:
    """Give one line of the table."""
    cells = [f"`{line['name']}`", line["unit"], number(line["ours"]), number(line["floor"])]
    cells += [number(line["ratio_floor"], "×"), number(line["peer"])]
    cells += [number(line["ratio_peer"], "×"), number(line["peak_mb"])]
    return f"| {' | '.join(cells)} |"


def figures(lines: Iterable[Line], benchmarks: Iterable[Benchmark], *, when: datetime) -> str:
    """Give the part between the marks: where it was measured, the table, what each row is."""
    measured = f"Measured on {when:%Y-%m-%d} on {os.cpu_count()} cores ({platform.machine()})."
    table = "\n".join([HEAD, *(row(line) for line in lines)])
    list_ = "\n".join(f"- `{bench.name}`: {told(bench)}" for bench in benchmarks)
    return f"{measured}\n\n{table}\n\nWhat each one does:\n\n{list_}"


def write(page: Path, results: Path, benchmarks: Iterable[Benchmark]) -> None:
    """Put the figures of the last runs in the place that the page keeps for them."""
    lines = json.loads(results.read_text()) if results.exists() else []
    when = datetime.fromtimestamp(results.stat().st_mtime if lines else 0, UTC)
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    part = figures(lines, sorted(benchmarks, key=lambda bench: bench.name), when=when)
    page.write_text(f"{before}{BEGIN}\n\n{part}\n\n{END}{after}", encoding="utf-8")
