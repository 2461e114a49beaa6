"""How soon the last of many open pages is told of an order."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.notify import announce
from gis.store.scope import SYSTEM
from tests.benchmarks.crowd import Crowd
from tests.benchmarks.harness import Contest, Spent, benchmark
from tests.benchmarks.lab import Lab
from tests.benchmarks.peer_stream import PeerServer
from tests.benchmarks.stage import Stage
from tests.world import GAOSUNTANG

EVENT = b'id: 1\ndata: {"seq":1,"topic":"order","ref":"%b"}\n\n'


class Loop:
    """The least there is: one thread that writes the same bytes to every socket in turn."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=4096)
        self.port: int = self._listening.getsockname()[1]
        self._lines: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                line, _ = self._listening.accept()
            except OSError:
                return
            line.sendall(b"ready\n")
            self._lines.append(line)

    def say(self, told: bytes) -> None:
        """Write to all."""
        for line in self._lines:
            line.sendall(told)

    def close(self) -> None:
        """Close all."""
        self._listening.close()
        for line in self._lines:
            line.close()


def ours(stage: Stage, crowd: Crowd) -> Spent:
    """Commit an announcement and wait for the last page."""
    ref = new_id()

    def say() -> None:
        with unit_of_work(stage.sessions, SYSTEM) as session:
            announce(session, topic="order", kind="issued", ref=ref, area_path=GAOSUNTANG)

    return Spent(crowd.hear(str(ref).encode(), say))


def open_pages(stage: Stage, count: int) -> Crowd:
    """Open a crew's pages at every web process of the stage."""
    request = (
        "GET /live?topics=order HTTP/1.1\r\nhost: bench\r\n"
        f"cookie: yitong_session={stage.token('crew')}\r\n\r\n"
    )
    ports = [server.port for server in stage.servers]
    return Crowd(ports, request.encode(), count=count, ready=b"id: ")


def marked() -> bytes:
    """Give a mark that was never told before."""
    return str(new_id()).encode()


def fan_out(count: int) -> Contest:
    """Set up ours, a bare loop, and Starlette's streaming response, each with its own pages."""
    with ExitStack() as opened:
        stage = opened.enter_context(Stage(crews=1))
        pages = opened.enter_context(closing(open_pages(stage, count)))
        loop = Loop()
        opened.callback(loop.close)
        bare = opened.enter_context(closing(Crowd([loop.port], b"", count=count, ready=b"ready")))
        peer = opened.enter_context(PeerServer())
        hand_made = Crowd([peer.port], peer.request, count=count, ready=b"ready")
        opened.callback(hand_made.close)
        around = opened.pop_all()

    def floor() -> Spent:
        mark = marked()
        return Spent(bare.hear(mark, lambda: loop.say(EVENT % mark)))

    def by_peer() -> Spent:
        mark = marked()
        return Spent(hand_made.hear(mark, lambda: peer.say(EVENT % mark)))

    return Contest(ours=lambda: ours(stage, pages), floor=floor, peer=by_peer, around=held(around))


@contextmanager
def held(stack: ExitStack) -> Iterator[None]:
    """Close what stands when the contest is over."""
    with stack:
        yield


@benchmark("fanout/1000", unit="ms", rows=1000)
def a_thousand_pages(_: Lab) -> Contest:
    """One event to a thousand pages, from the commit on."""
    return fan_out(1000)
