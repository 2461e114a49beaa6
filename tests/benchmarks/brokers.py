"""Programs one would pick to tell many pages at once: Mosquitto, and nginx with nchan.

Each runs as it comes from Debian, as a process of its own; it keeps nothing that it was told.
"""

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from abc import abstractmethod
from contextlib import AbstractContextManager, suppress
from pathlib import Path

from tests.processes import free_port

NCHAN_MODULE = "/usr/lib/nginx/modules/ngx_nchan_module.so"
TOPIC = b"\x00\x05order"
PATIENCE_S = 10
PAUSE_S = 0.05


class Broker(AbstractContextManager["Broker"]):
    """A broker with one subject; a page opens with `request` and has read `ready` when it hears."""

    request: bytes
    ready: bytes
    hello = b""
    """What a speaker says first, and what answers it."""
    welcome = b""

    def __init__(self) -> None:
        self.port = free_port()
        self._home = Path(tempfile.mkdtemp(prefix="yitong-broker-"))
        self._home.chmod(0o755)
        command = self.command()
        if shutil.which(command[0]) is None or not Path(NCHAN_MODULE).exists():
            sys.exit(f"The program {command[0]} is not installed. Run scripts/setup bench, again.")
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._line = self._reach()

    @abstractmethod
    def command(self) -> list[str]:
        """Write the settings and give the command that runs it."""

    @abstractmethod
    def wrapped(self, told: bytes) -> bytes:
        """Give the bytes that have something told to all."""

    def settings(self, text: str) -> str:
        """Leave its settings in a file."""
        place = self._home / "settings"
        place.write_text(text)
        return str(place)

    def thanks(self, told: bytes) -> bytes:  # noqa: ARG002 - most want none
        """Give what a page says to what it was told."""
        return b""

    def say(self, told: bytes) -> None:
        """Have it tell all pages."""
        self._line.sendall(self.wrapped(told))

    def _reach(self) -> socket.socket:
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                line = socket.create_connection(("127.0.0.1", self.port))
            except ConnectionRefusedError:
                # Not there yet, or gone for good: the wait ends at once with the process.
                with suppress(subprocess.TimeoutExpired):
                    self._process.wait(PAUSE_S)
                if time.monotonic() > until or self._process.returncode is not None:
                    raise
            else:
                line.sendall(self.hello)
                line.recv(len(self.welcome))
                return line

    def __exit__(self, *_: object) -> None:
        """End it."""
        self._line.close()
        self._process.terminate()
        self._process.wait()
        shutil.rmtree(self._home)


class Mosquitto(Broker):
    """MQTT 3.1.1, told at most once (QoS 0): the least it can do."""

    hello = b"\x10\x0c\x00\x04MQTT\x04\x02\x00\x00\x00\x00"
    welcome = b"\x20\x02\x00\x00"
    request = hello + b"\x82\x0a\x00\x01\x00\x05order\x00"
    ready = b"\x90\x03\x00\x01\x00"

    def command(self) -> list[str]:
        """Give the command; who may connect is not asked."""
        here = f"listener {self.port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\n"
        return ["/usr/sbin/mosquitto", "-c", self.settings(here)]

    def wrapped(self, told: bytes) -> bytes:
        """Publish."""
        packet = TOPIC + told
        assert len(packet) < 128, "longer packets need a length of two bytes"
        return b"\x30" + bytes([len(packet)]) + packet


class SureMosquitto(Mosquitto):
    """The same, told at least once (QoS 1): it keeps what a page has not confirmed yet."""

    request = Mosquitto.request[:-1] + b"\x01"
    ready = Mosquitto.ready[:-1] + b"\x01"

    def wrapped(self, told: bytes) -> bytes:
        """Publish under a number."""
        packet = TOPIC + b"\x00\x01" + told
        assert len(packet) < 128, "longer packets need a length of two bytes"
        return b"\x32" + bytes([len(packet)]) + packet

    def thanks(self, told: bytes) -> bytes:
        """Confirm what was published; its number comes behind the subject."""
        number = told.partition(TOPIC)[2][:2]
        return b"\x40\x02" + number if number else b""


class Nchan(Broker):
    """Server-sent events of nginx's module nchan; one process, as it tells fastest here."""

    request = b"GET /pages HTTP/1.1\r\nhost: bench\r\naccept: text/event-stream\r\n\r\n"
    ready = b": hi"

    def command(self) -> list[str]:
        """Give the command; its folders are its own."""
        folders = "".join(
            f"{name}_temp_path {self._home}/{name};\n"
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        text = f"""
            load_module {NCHAN_MODULE};
            daemon off; worker_processes 1; pid {self._home}/pid; error_log {self._home}/log;
            events {{ worker_connections 8192; }}
            http {{
                access_log off; keepalive_requests 1000000; keepalive_timeout 1h; {folders}
                server {{
                    listen 127.0.0.1:{self.port} backlog=4096;
                    location /pages {{ nchan_subscriber eventsource; nchan_channel_id order; }}
                    location /say {{ nchan_publisher; nchan_channel_id order; }}
                }}
            }}
        """
        return ["/usr/sbin/nginx", "-e", f"{self._home}/log", "-c", self.settings(text)]

    def wrapped(self, told: bytes) -> bytes:
        """Publish."""
        head = f"POST /say HTTP/1.1\r\nhost: bench\r\ncontent-length: {len(told)}\r\n\r\n"
        return head.encode() + told
