"""The platform's processes, to be killed and frozen: two web servers, a worker, a database."""

import asyncio
import multiprocessing
import os
import signal
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn

from gis.store import postmaster
from gis.store.cluster import Cluster, Urls
from rescue_app.settings import PROJECT
from tests.faults.plan import Blow, What
from tests.processes import APP, NURSERY, free_port

WATCH_S = 0.1
START_LIMIT_S = 60
EACH_SECOND = "* * * * * *"
"""What the worker does each minute in service it does each second here: no rule is different."""


@dataclass
class Machine:
    """One process, kept alive as the supervisor would."""

    name: str
    target: Callable[..., None]
    told: tuple[object, ...]
    process: multiprocessing.process.BaseProcess | None = None
    held_down: bool = False

    def start(self) -> None:
        """Start it."""
        self.process = NURSERY.Process(target=self.target, args=self.told, daemon=True)
        self.process.start()

    def send(self, what: signal.Signals) -> None:
        """Send a signal, if it runs."""
        if self.process is not None and self.process.pid is not None and self.process.is_alive():
            os.kill(self.process.pid, what)

    def end(self) -> None:
        """End it at once."""
        self.send(signal.SIGCONT)
        self.send(signal.SIGKILL)
        if self.process is not None:
            self.process.join(timeout=20)


@dataclass
class Machines:
    """All processes of a night, and what happens to them."""

    cluster: Cluster
    urls: Urls
    home: Path
    webs: list[Machine] = field(default_factory=list)
    ports: list[int] = field(default_factory=list)
    died: list[str] = field(default_factory=list)
    blows: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.worker = Machine("worker", work, (self._environment(), str(self.home)))
        self.database_down = asyncio.Lock()
        self._aims: dict[str, asyncio.Event] = {}

    def _environment(self) -> dict[str, str]:
        return os.environ | {
            "DATABASE_URL": self.urls.owner,
            "YITONG_APP_DATABASE_URL": self.urls.app,
            "YITONG_HOME": str(self.home),
        }

    async def start(self, *, webs: int) -> None:
        """Start everything and wait until it answers."""
        for number in range(webs):
            port = free_port()
            told = (port, self._environment(), str(self.home), number)
            self.ports.append(port)
            self.webs.append(Machine(f"web{number}", serve, told))
        for machine in (*self.webs, self.worker):
            machine.start()
        self._watching = asyncio.create_task(self._watch())
        await self.up()

    async def up(self) -> None:
        """Wait until every web server answers; whatever died is started again meanwhile."""
        async with asyncio.timeout(START_LIMIT_S):
            while not all(_answers(port) for port in self.ports):
                await asyncio.sleep(WATCH_S)

    def begin(self) -> None:
        """Begin another night: what was aimed at is forgotten."""
        self._aims.clear()

    def deadlocks(self) -> int:
        """How often two transactions waited for each other up to now."""
        return self.cluster.log.read_text(errors="replace").count("deadlock detected")

    async def end(self) -> None:
        """End everything."""
        self._watching.cancel()
        for machine in (*self.webs, self.worker):
            machine.end()
        await asyncio.to_thread(self.cluster.stop)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(WATCH_S)
            for machine in (*self.webs, self.worker):
                ended = machine.process is not None and not machine.process.is_alive()
                if ended and not machine.held_down:
                    words = (self.home / f"{machine.name}.log").read_text(errors="replace")
                    self.died.append(f"{machine.name}: {words[-300:]}")
                    machine.start()

    def passes(self, mark: str) -> None:
        """A request is under way: what is aimed at it falls now."""
        for aim, met in self._aims.items():
            if mark.startswith(aim):
                met.set()

    async def strike(self, blow: Blow) -> None:
        """Let one thing break at its time, and bring it back."""
        met = self._aims.setdefault(blow.at, asyncio.Event()) if blow.at else asyncio.Event()
        with suppress(TimeoutError):
            async with asyncio.timeout(blow.at_s):
                await met.wait()
            await asyncio.sleep(blow.after_s)
        self.blows[blow.what] = self.blows.get(blow.what, 0) + 1
        if blow.what in (What.DATABASE, What.BACKEND):
            await self._database(blow)
            return
        web = self.webs[blow.which % len(self.webs)]
        machine = web if blow.what in (What.WEB, What.FROZEN_WEB) else self.worker
        if blow.what is What.FROZEN_WORKER:
            await self._doubled(blow)
        elif blow.what is What.FROZEN_WEB:
            machine.send(signal.SIGSTOP)
            await asyncio.sleep(blow.back_s)
            machine.send(signal.SIGCONT)
        elif not machine.held_down:
            machine.held_down = True
            machine.end()
            await asyncio.sleep(blow.back_s)
            machine.start()
            machine.held_down = False

    async def _doubled(self, blow: Blow) -> None:
        """Freeze the worker as a stalled machine does; its successor runs when it thaws."""
        self.worker.send(signal.SIGSTOP)
        second = Machine("second worker", work, self.worker.told)
        second.start()
        await asyncio.sleep(blow.back_s + 2)
        self.worker.send(signal.SIGCONT)
        await asyncio.sleep(blow.back_s)
        second.end()

    async def _database(self, blow: Blow) -> None:
        async with self.database_down:
            pids = postmaster.inhabitants(self.cluster.data)
            head = postmaster.living(self.cluster.data)
            others = sorted(pid for pid in pids if pid != head)
            victim = head if blow.what is What.DATABASE else others[blow.which % len(others)]
            if victim is not None:
                with suppress(ProcessLookupError):
                    os.kill(victim, signal.SIGKILL)
            await asyncio.sleep(blow.back_s)
            await asyncio.to_thread(self.cluster.ensure_running)


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _settle_in(environment: Mapping[str, str], home: str, name: str) -> None:
    log = os.open(Path(home) / f"{name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(PROJECT)


def serve(port: int, environment: Mapping[str, str], home: str, number: int) -> None:
    """Be a web server."""
    _settle_in(environment, home, f"web{number}")
    uvicorn.run(APP, factory=True, port=port)


def work(environment: Mapping[str, str], home: str) -> None:
    """Be the worker, its minute a second long."""
    _settle_in(environment, home, "worker")
    from rescue_app.chores import Rhythm
    from rescue_app.worker import work as works

    rhythm = Rhythm(minute=EACH_SECOND, heartbeat_s=0.5, stalled_after_s=3.0)
    told: dict[str, Any] = {"files_url": f"{home}/files", "rhythm": rhythm}
    works(app_url=environment["YITONG_APP_DATABASE_URL"], **told)
