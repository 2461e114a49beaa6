"""A real NATS server with JetStream, as it comes from Debian: started, killed, started again."""

import asyncio
import signal
import socket
import subprocess
import time
from contextlib import suppress

import nats
import pytest

from rescue_app.live.broker import SUBJECT
from rescue_app.live.carried import unpacked
from tests.loops import run_apart
from tests.processes import free_port

PROGRAM = "/usr/sbin/nats-server"
PATIENCE_S = 60
PAUSE_S = 0.02


class JetStream:
    """One broker, which keeps its streams in a folder from life to life."""

    def __init__(self, home):
        self.port = free_port()
        self.url = f"nats://127.0.0.1:{self.port}"
        self._command = [PROGRAM, "-a", "127.0.0.1", "-p", str(self.port), "-js", "-sd", str(home)]
        self._log = home / "log"
        self._process = None

    def start(self):
        """Start it and wait until it takes connections."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log)
        until = time.monotonic() + PATIENCE_S
        while not self._answers():
            assert self._process.poll() is None, self._log.read_text()
            assert time.monotonic() < until, "the broker does not start"

    def _answers(self):
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", self.port)):
            return True
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(PAUSE_S)
        return False

    def kill(self):
        """End it as a power cut would."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def lines(self, name, *, count):
        """Give the numbers of all lines of a log's stream in turn, once there are so many."""
        return run_apart(asyncio.wait_for(self._lines(name, count), PATIENCE_S))

    async def _lines(self, name, count):
        async with await nats.connect(self.url) as client:
            written = await client.jetstream().subscribe(f"{SUBJECT}.{name}", ordered_consumer=True)
            found = []
            while len(found) < count or written.pending_msgs:
                message = unpacked((await written.next_msg(PATIENCE_S)).data)
                found += [line.seq for line in message.lines or ()]
        return found


@pytest.fixture
def broker(tmp_path):
    """A broker of this test alone."""
    home = tmp_path / "broker"
    home.mkdir()
    made = JetStream(home)
    made.start()
    yield made
    made.kill()
