"""Run a whole program and say what it cost: wall time and its peak of memory."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.benchmarks.harness import Spent

# A child's peak counts what its parent held at the moment of the fork. So a small process
# stands between: the program's peak is its own, and not that of the benchmark's data.
WATCH = """
import json, os, subprocess, sys, time
begun = time.perf_counter()
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
said = child.stdout.read().decode(errors="replace")
_, status, usage = os.wait4(child.pid, 0)
seconds = time.perf_counter() - begun
code = os.waitstatus_to_exitcode(status)
print(json.dumps({"seconds": seconds, "kb": usage.ru_maxrss, "code": code, "said": said}))
"""


# As an installation: what was compiled once is not compiled with each start.
COMPILED = {
    "PYTHONDONTWRITEBYTECODE": "",
    "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir(), "yitong-compiled")),
}


def run_program(
    argv: Sequence[str | Path], *, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> Spent:
    """Run to the end; a program that fails, or is not there, ends the benchmark in plain words."""
    if shutil.which(argv[0], path=(env or {}).get("PATH")) is None:
        sys.exit(f"The program {argv[0]} is not installed. Run scripts/setup bench, then again.")
    done = subprocess.run(
        [sys.executable, "-S", "-c", WATCH, *map(str, argv)],
        env={**os.environ, **COMPILED, **(env or {})},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout)
    if told["code"] != 0:
        sys.exit(f"{argv[0]} ended with {told['code']}:\n{told['said']}")
    return Spent(told["seconds"], told["kb"] / 1024)
