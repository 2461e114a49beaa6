"""Many open pages in one process: sockets that are told, and the moment the last one was."""

import selectors
import socket
import time
from collections.abc import Callable, Sequence

CHUNK = 65_536
PATIENCE_S = 60


class Crowd:
    """Open streams, shared out over ports; `hear` waits until each of them has read a mark.

    Where each has to give `thanks` for what it read, it does when the last one has read it.
    """

    def __init__(
        self,
        ports: Sequence[int],
        request: bytes,
        *,
        count: int,
        ready: bytes,
        thanks: Callable[[bytes], bytes] = lambda _: b"",
    ) -> None:
        self._thanks = thanks
        self._selector = selectors.DefaultSelector()
        self._sockets = [self._open(ports[n % len(ports)], request) for n in range(count)]
        self.hear(ready)

    def _open(self, port: int, request: bytes) -> socket.socket:
        line = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
        line.sendall(request)
        line.setblocking(False)
        self._selector.register(line, selectors.EVENT_READ)
        return line

    def hear(self, mark: bytes, say: Callable[[], object] = lambda: None) -> float:
        """Say something and give the seconds until the last page has read the mark."""
        waiting = dict.fromkeys(self._sockets, b"")
        heard_by: dict[socket.socket, bytes] = {}
        begun = time.perf_counter()
        say()
        while waiting:
            found = self._selector.select(PATIENCE_S)
            if not found:
                raise TimeoutError(f"{len(waiting)} pages were not told")
            for key, _ in found:
                line = key.fileobj
                assert isinstance(line, socket.socket)
                heard = line.recv(CHUNK)
                if not heard:
                    raise ConnectionError("a page was let go")
                told = waiting.get(line, b"") + heard
                if mark in told:
                    waiting.pop(line, None)
                    heard_by[line] = told
                elif line in waiting:
                    waiting[line] = told
        seconds = time.perf_counter() - begun
        for line, told in heard_by.items():
            line.sendall(self._thanks(told))
        return seconds

    def close(self) -> None:
        """Close them all."""
        for line in self._sockets:
            line.close()
        self._selector.close()
