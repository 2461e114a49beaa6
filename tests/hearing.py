"""The process that listens to a broker, as in service; what it says is read line by line."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from gis.store.cluster import Urls
from rescue_app.settings import PROJECT

PATIENCE_S = 90
DYING = """
import os, signal
from paho.mqtt.client import Client
Client.ack = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
from rescue_app.cli import main
main()
"""


class Hearing:
    """`yitong listen`: started, waited for by what it says, and killed (-9)."""

    def __init__(self, urls: Urls, home: Path, **settings: object) -> None:
        self._environment = os.environ | {
            "DATABASE_URL": urls.owner,
            "YITONG_APP_DATABASE_URL": urls.app,
            "YITONG_HOME": str(home),
            **{f"YITONG_{name.upper()}": str(value) for name, value in settings.items()},
        }
        self._process: subprocess.Popen[str] | None = None

    def start(self, *, dies_before_confirming: bool = False) -> None:
        program = ["-c", DYING] if dies_before_confirming else ["-m", "rescue_app.cli"]
        command = [sys.executable, *program, "listen"]
        self._process = subprocess.Popen(
            command, cwd=PROJECT, env=self._environment, stderr=subprocess.PIPE, text=True
        )

    def wait_for(self, *events: str) -> dict[str, Any]:
        """Read on until it says this; a process that ends instead is an error."""
        assert self._process is not None
        assert self._process.stderr is not None
        patience = threading.Timer(PATIENCE_S, self._process.kill)
        patience.start()
        try:
            for line in self._process.stderr:
                if any(f'"{event}"' in line for event in events):
                    told: dict[str, Any] = json.loads(line)
                    return told
        finally:
            patience.cancel()
        raise AssertionError(f"it ended without {events}")

    def wait_for_its_end(self) -> None:
        assert self._process is not None
        self._process.wait(timeout=PATIENCE_S)
        self.kill()

    def kill(self) -> None:
        if self._process is not None and self._process.stderr is not None:
            self._process.kill()
            self._process.wait()
            self._process.stderr.close()
            self._process = None
