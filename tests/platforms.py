"""The whole platform as a stranger starts it: `yitong run`, on a home of its own."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx2

from gis.authority import Role
from gis.store.cluster import Cluster, Urls
from gis.store.engine import make_engine, make_sessions, unit_of_work
from gis.store.scope import SYSTEM
from rescue_app import schema
from rescue_app.auth import service as auth
from rescue_app.settings import PROJECT
from tests.world import CITY, build_world

LIMIT_S = 120


def small_city() -> Path:
    """Make a home that every account can walk to, its database filled with a small city."""
    place = Path(tempfile.mkdtemp(prefix="yitong-run-"))
    place.chmod(0o755)
    urls = Cluster(place / "postgres").ensure_running()
    schema.upgrade(urls.owner)
    fill(urls)
    return place


def fill(urls: Urls) -> None:
    """Put a small city and one commander into a database."""
    engine = make_engine(urls.app, pool_size=1)
    with unit_of_work(make_sessions(engine), SYSTEM) as session:
        build_world(session)
        auth.add_account(
            session,
            login="city",
            name="陈刚",
            password="yitong-demo",
            role=Role.CITY_COMMANDER,
            area_path=CITY,
        )
    engine.dispose()


class Platform:
    """One `yitong run`, and what it said."""

    def __init__(self, home: Path, port: int, **environment: str) -> None:
        self.home, self.port = home, port
        self.url = f"http://127.0.0.1:{port}"
        self.said = ""
        inherited = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        self._environment = inherited | environment
        self._environment |= {"YITONG_HOME": str(home), "YITONG_PORT": str(port)}
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "rescue_app.cli", "run"],
            cwd=PROJECT,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._listener = threading.Thread(target=self._listen, args=(self.process,))
        self._listener.start()

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout as output:
            for line in output:
                self.said += line

    def wait_for(self, words: str) -> None:
        self.wait_until(lambda: words in self.said)

    def wait_until(self, is_so) -> None:
        until = time.monotonic() + LIMIT_S
        while not is_so():
            assert time.monotonic() < until, self.said
            threading.Event().wait(0.05)

    def answers(self) -> bool:
        try:
            return httpx2.get(f"{self.url}/readyz", timeout=5).status_code == 200
        except httpx2.HTTPError:
            return False

    def children(self) -> dict[str, int]:
        """The pids of the server and the worker, by name."""
        assert self.process is not None
        found = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = int(stat.read_text().rpartition(")")[2].split()[1])
                words = (stat.parent / "cmdline").read_bytes().decode().split("\0")
            except OSError:
                continue
            if parent == self.process.pid:
                found[words[-2]] = int(stat.parent.name)
        return found

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(LIMIT_S)
        self._listener.join(LIMIT_S)
        return code
