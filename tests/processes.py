"""Real processes for tests: the server, started, killed and started again on the same port."""

import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import uvicorn

from gis.store.cluster import Urls
from rescue_app.http.long_addresses import PROTOCOL
from rescue_app.settings import PROJECT

READY = "Uvicorn running on"
APP = "rescue_app.main:app"
# A process with all modules read, which gives each server of a test its start: two seconds less.
NURSERY = multiprocessing.get_context("forkserver")
NURSERY.set_forkserver_preload(["tests.processes", "rescue_app.main"])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Server:
    """One uvicorn process on the application, as in service."""

    def __init__(self, urls: Urls, *, home: Path, **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.said: list[str] = []
        self._process: multiprocessing.process.BaseProcess | None = None
        self._environment = os.environ | {
            "DATABASE_URL": urls.owner,
            "YITONG_APP_DATABASE_URL": urls.app,
            "YITONG_HOME": str(home),
            **{f"YITONG_{name.upper()}": value for name, value in settings.items()},
        }

    def start(self) -> None:
        heard, spoken = NURSERY.Pipe(duplex=False)
        told = (self.port, self._environment, spoken)
        self._process = NURSERY.Process(target=serve, args=told, daemon=True)
        self._process.start()
        spoken.close()
        ready = threading.Event()
        self._listener = threading.Thread(target=self._listen, args=(heard, ready))
        self._listener.start()
        assert ready.wait(timeout=60), "the server did not start:\n" + "".join(self.said)

    def _listen(self, heard: Connection, ready: threading.Event) -> None:
        with heard, os.fdopen(os.dup(heard.fileno()), encoding="utf-8") as output:
            for line in output:
                self.said.append(line)
                if READY in line:
                    ready.set()

    @property
    def pid(self) -> int:
        """The number of the running process."""
        assert self._process is not None
        assert self._process.pid is not None
        return self._process.pid

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is not None and process.pid is not None:
            os.kill(process.pid, how)
            process.join(timeout=60)
            assert process.exitcode is not None, "the server does not stop"
            self._listener.join()


def serve(port: int, environment: dict[str, str], spoken: Connection) -> None:
    """Do what `python -m uvicorn` does, in a process of its own."""
    os.dup2(spoken.fileno(), 1)
    os.dup2(spoken.fileno(), 2)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(PROJECT)
    uvicorn.run(
        APP, factory=True, port=port, http=PROTOCOL, access_log=False
    )  # as `yitong serve` does


@contextmanager
def working(urls: Urls, *, home: Path) -> Iterator[None]:
    """A worker process beside the server, as in service."""
    environment = os.environ | {
        "DATABASE_URL": urls.owner,
        "YITONG_APP_DATABASE_URL": urls.app,
        "YITONG_HOME": str(home),
    }
    command = [sys.executable, "-m", "rescue_app.cli", "worker"]
    with (home / "worker.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=log, stderr=log)
        try:
            yield
        finally:
            process.terminate()
            process.wait(timeout=60)
