"""`yitong run`, as a stranger starts it: a real program, its own database, real kills."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx2
import pytest

from gis.authority import Role
from gis.store import postmaster
from gis.store.cluster import Cluster
from gis.store.engine import make_engine, make_sessions, unit_of_work
from gis.store.scope import SYSTEM
from rescue_app import schema
from rescue_app.auth import service as auth
from rescue_app.settings import PROJECT
from tests.processes import free_port
from tests.world import CITY, build_world

LIMIT_S = 120


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


def fill(urls):
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


@pytest.fixture
def home():
    """A home that every account can walk to, whose database is filled with a small city."""
    place = Path(tempfile.mkdtemp(prefix="yitong-run-"))
    place.chmod(0o755)
    urls = Cluster(place / "postgres").ensure_running()
    schema.upgrade(urls.owner)
    fill(urls)
    yield place
    Cluster(place / "postgres").stop()
    shutil.rmtree(place)


@pytest.fixture
def start():
    started = []

    def do(port=None, *, home, **environment):
        platform = Platform(home, port or free_port(), **environment)
        platform.start()
        started.append(platform)
        return platform

    yield do
    for platform in started:
        platform.end()


def test_run_starts_everything_survives_kills_and_ends_whole(start, home):
    platform = start(home=home)
    platform.wait_for("yitong-demo")
    assert platform.answers()
    assert platform.url in platform.said
    cluster = Cluster(home / "postgres")
    assert cluster.running()

    server = platform.children()["serve"]
    os.kill(server, signal.SIGKILL)
    platform.wait_for("server ended (-9); starting it again")
    platform.wait_until(platform.answers)

    os.kill(postmaster.living(cluster.data), signal.SIGKILL)
    platform.wait_for("The database ended; starting it again")
    platform.wait_until(platform.answers)

    children = platform.children()
    assert set(children) == {"serve", "worker"}
    assert platform.end() == 0
    assert not platform.answers()
    assert not cluster.running()
    assert not [pid for pid in children.values() if Path(f"/proc/{pid}").exists()]

    again = start(home=home)
    again.wait_for("yitong-demo")
    os.kill(again.process.pid, signal.SIGKILL)
    again.wait_until(lambda: not again.answers())  # nothing is left behind unwatched


def test_a_taken_port_is_said_at_once_and_nothing_is_started(start, tmp_path, live_server):
    platform = start(live_server.port, home=tmp_path)
    assert platform.process.wait(LIMIT_S) == 1
    platform.end()
    assert f"The port {live_server.port} is taken" in platform.said
    assert not list(tmp_path.iterdir())


def test_a_given_server_is_used_and_no_other_touched(start, tmp_path, database):
    fill(database)
    platform = start(home=tmp_path, DATABASE_URL=database.owner)
    platform.wait_for("yitong-demo")
    assert platform.answers()
    assert platform.end() == 0
    assert not (tmp_path / "postgres").exists()
