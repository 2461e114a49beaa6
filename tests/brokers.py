"""A Mosquitto of a test's own: it keeps what it was given, and can be killed."""

import signal
import subprocess
import time
from pathlib import Path
from socket import create_connection

import paho.mqtt.client as mqtt

from tests.processes import free_port

MOSQUITTO = "/usr/sbin/mosquitto"


class Mosquitto:
    """One broker on a free port; `kill()` is kill -9, `start()` brings it back with its memory."""

    def __init__(self, home: Path) -> None:
        self.port = free_port()
        self.url = f"mqtt://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        home.mkdir()
        home.chmod(0o777)
        self._file = home / "mosquitto.conf"
        self._file.write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\npersistence true\n"
            f"persistence_location {home}/\nautosave_interval 1\nautosave_on_changes true\n"
            "user root\nmax_inflight_messages 0\nmax_queued_messages 0\n"
        )

    def start(self) -> None:
        self._process = subprocess.Popen(
            [MOSQUITTO, "-c", str(self._file)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + 60
        while True:
            try:
                create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                assert time.monotonic() < until, "the broker does not start"
            else:
                return

    def kill(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def say(self, said: list[tuple[str, bytes]]) -> None:
        """Publish with QoS 1 and wait until the broker has confirmed all of it."""
        client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
        client.connect("127.0.0.1", self.port)
        client.loop_start()
        for one in [client.publish(topic, payload, qos=1) for topic, payload in said]:
            one.wait_for_publish(timeout=30)
            assert one.is_published()
        client.disconnect()
        client.loop_stop()
