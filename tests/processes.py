"""Real processes for tests: the server, started, killed and started again on the same port."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gis.store.cluster import Urls
from rescue_app.settings import PROJECT

READY = "Uvicorn running on"


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
        self._process: subprocess.Popen[str] | None = None
        self._environment = os.environ | {
            "DATABASE_URL": urls.owner,
            "YITONG_APP_DATABASE_URL": urls.app,
            "YITONG_HOME": str(home),
            **{f"YITONG_{name.upper()}": value for name, value in settings.items()},
        }

    def start(self) -> None:
        command = [sys.executable, "-m", "uvicorn", "rescue_app.main:app", "--factory"]
        self._process = subprocess.Popen(
            [*command, "--port", str(self.port)],
            cwd=PROJECT,
            env=self._environment,
            stderr=subprocess.STDOUT,
            stdout=subprocess.PIPE,
            text=True,
        )
        ready = threading.Event()
        self._listener = threading.Thread(target=self._listen, args=(self._process, ready))
        self._listener.start()
        assert ready.wait(timeout=60), "the server did not start:\n" + "".join(self.said)

    def _listen(self, process: subprocess.Popen[str], ready: threading.Event) -> None:
        assert process.stdout is not None
        with process.stdout as output:
            for line in output:
                self.said.append(line)
                if READY in line:
                    ready.set()

    @property
    def pid(self) -> int:
        """The number of the running process."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(how)
            process.wait(timeout=20)
            self._listener.join()


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
            process.wait(timeout=20)
