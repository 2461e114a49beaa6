"""What really runs in a data folder, told by /proc and not by a pid file.

A pid file outlives kill -9 and a power cut; its number may by then belong to any other
program. PostgreSQL always works inside its data folder, so the working directory of a
process says for certain whether it is ours. The server processes of a killed postmaster
can outlive it too, and a second server beside them would ruin the data: they are ended
before anything starts.
"""

import os
import signal
import time
from pathlib import Path

from gis.errors import Unavailable

PROC = Path("/proc")
PID_FILE = "postmaster.pid"
SOCKET_LOCK = ".s.PGSQL.5432.lock"
PATIENCE_S = 5.0
PAUSE_S = 0.05


def inhabitants(data: Path) -> list[int]:
    """Every PostgreSQL process that works in this data folder."""
    here = str(data.resolve())
    found = [int(entry.name) for entry in PROC.iterdir() if entry.name.isdecimal()]
    return [pid for pid in found if _works_in(pid, here)]


def _works_in(pid: int, folder: str) -> bool:
    try:
        program = (PROC / str(pid) / "exe").readlink().name
        # An upgraded package leaves "postgres (deleted)" behind a server that still runs.
        return (
            program.startswith("postgres") and str((PROC / str(pid) / "cwd").readlink()) == folder
        )
    except OSError:
        return False


def living(data: Path) -> int | None:
    """The pid of the running postmaster, or None when the pid file is stale or missing."""
    try:
        pid = int((data / PID_FILE).read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    return pid if _works_in(pid, str(data.resolve())) else None


def clear_wreck(data: Path, socket: Path) -> None:
    """Make a folder without a living postmaster safe to start in.

    The locks are removed by us, because PostgreSQL believes any living pid in them, even
    that of an unreaped child in a container without an init process.
    """
    for order in (signal.SIGQUIT, signal.SIGKILL):
        orphans = inhabitants(data)
        for pid in orphans:
            _send(pid, order)
        if not orphans or _emptied(data):
            (data / PID_FILE).unlink(missing_ok=True)
            (socket / SOCKET_LOCK).unlink(missing_ok=True)
            return
    raise Unavailable(
        "Processes {pids} of an earlier database server still work in {folder} and do not "
        "end. Restart the machine, then try again.",
        pids=", ".join(map(str, inhabitants(data))),
        folder=data,
    )


def _send(pid: int, order: signal.Signals) -> None:
    try:
        os.kill(pid, order)
    except ProcessLookupError:
        return


def _emptied(data: Path) -> bool:
    until = time.monotonic() + PATIENCE_S
    while inhabitants(data):
        if time.monotonic() > until:
            return False
        time.sleep(PAUSE_S)
    return True
