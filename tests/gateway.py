"""A gateway of our own for tests: a real HTTP server in a process of its own.

What it does with a message is in the address: it accepts, refuses, is down, comes back after two
tries, holds messages until it is told to go on, or says "sent" and delivers nothing. What it tells
us back, in which order and how often, the test says; it signs by its own hand, as a stranger would.
"""

import hashlib
import hmac
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests

from rescue_app.settings import PROJECT

READY = "listening"
LIMIT_S = 20
STATUS = {"accept": 200, "lie": 200, "refuse": 400, "down": 503, "hold": 200, "gone": 410}


class Desk:
    """What the gateway remembers."""

    def __init__(self) -> None:
        self.received: list[dict[str, Any]] = []
        self.tries: dict[str, int] = {}
        self.may_go = threading.Event()
        self.lock = threading.Lock()


class Handler(BaseHTTPRequestHandler):
    desk = Desk()

    def do_GET(self) -> None:
        self.answer(200, self.desk.received)

    def do_PUT(self) -> None:
        told = json.loads(self.body())
        if self.path == "/go":
            self.desk.may_go.set()
            self.answer(200, {})
            return
        self.answer(200, tell(**told))

    def do_POST(self) -> None:
        body, how = self.body(), self.path.strip("/").split("/")[0].split("?")[0]
        note = {"path": self.path, "headers": dict(self.headers.items()), "at": time.time()}
        sealed = how in ("push", "gone")
        note["body"] = body.decode("latin-1") if sealed else body.decode()
        if how == "hold":
            self.desk.may_go.wait(LIMIT_S)
        with self.desk.lock:
            self.desk.received.append(note)
            which = "" if sealed else str(json.loads(body).get("id", ""))
            self.desk.tries[which] = self.desk.tries.get(which, 0) + 1
            status = STATUS.get(how, 201)
            if how == "flaky":
                status = 503 if self.desk.tries[which] <= 2 else 200
        self.answer(status, {})

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("content-length", 0)))

    def answer(self, status: int, said: object) -> None:
        told = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, *_: object) -> None:
        pass


def signed(key: bytes, key_id: str, body: bytes, at_s: int) -> dict[str, str]:
    """Sign as the documentation says, not by our own code."""
    mac = hmac.new(key, f"{key_id}.{at_s}.".encode() + body, hashlib.sha256).hexdigest()
    return {"yitong-key": key_id, "yitong-time": str(at_s), "yitong-signature": f"v1={mac}"}


def tell(url: str, key: str, key_id: str, requests_: list[list[dict[str, Any]]]) -> list[Any]:
    """Post words to the platform, request by request, and give what it answered."""
    said = []
    for events in requests_:
        body = json.dumps({"events": events}).encode()
        told = signed(bytes.fromhex(key), key_id, body, int(time.time()))
        answer = requests.post(url, data=body, headers=told, timeout=LIMIT_S)
        said.append([answer.status_code, answer.json()])
    return said


class Gateway:
    """The gateway as a test sees it."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    def at(self, how: str) -> str:
        return f"{self.url}/{how}"

    @property
    def received(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = requests.get(self.url, timeout=LIMIT_S).json()
        return found

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [json.loads(each["body"]) for each in self.received]

    def go(self) -> None:
        requests.put(self.at("go"), json={}, timeout=LIMIT_S)

    def tell(self, **told: Any) -> list[Any]:
        answer = requests.put(self.at("tell"), json=told, timeout=LIMIT_S)
        found: list[Any] = answer.json()
        return found


@contextmanager
def running() -> Iterator[Gateway]:
    """Run the gateway until the block ends."""
    command = [sys.executable, "-m", "tests.gateway"]
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        word, port = process.stdout.readline().split()
        assert word == READY
        yield Gateway(int(port))
    finally:
        process.kill()
        process.communicate()


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"{READY} {server.server_address[1]}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
