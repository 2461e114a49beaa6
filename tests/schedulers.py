"""A Dask scheduler with two workers, each a process of its own."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rescue_app.settings import PROJECT
from tests.processes import free_port

PROGRAM = (sys.executable, "-m")
WORKERS = 2


@contextmanager
def scheduling() -> Iterator[str]:
    """Let it run; give its address."""
    address = f"tcp://127.0.0.1:{free_port()}"
    first = [*PROGRAM, "distributed.cli.dask_scheduler", "--host", address, "--no-dashboard"]
    worker = [*PROGRAM, "distributed.cli.dask_worker", address, "--nthreads=1", "--no-dashboard"]
    quiet = {"cwd": PROJECT, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    running = [subprocess.Popen(one, **quiet) for one in (first, *[worker] * WORKERS)]
    try:
        yield address
    finally:
        for one in running:
            one.terminate()
        for one in running:
            one.wait(timeout=60)
