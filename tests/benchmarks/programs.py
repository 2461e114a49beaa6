"""Run a whole program and say what it cost: wall time and its peak of memory."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.benchmarks.harness import Spent


def run_program(
    argv: Sequence[str | Path], *, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> Spent:
    """Run to the end; a program that fails ends the benchmark with its own words."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [str(a) for a in argv],
        env={**os.environ, **(env or {})},
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdout is not None
    said = process.stdout.read()
    # wait4 gives the memory of exactly this child, which `resource` cannot.
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - begun
    if process.returncode != 0:
        sys.exit(f"{argv[0]} ended with {process.returncode}:\n{said.decode()}")
    return Spent(seconds, usage.ru_maxrss / 1024)
