"""What one would write by hand: Starlette's StreamingResponse with a queue for each page.

Run as a program it is the server; imported it starts and talks to it. What is to be told comes
over a second connection, as it would from another process.
"""

import asyncio
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from rescue_app.settings import PROJECT
from tests.processes import READY, free_port

QUEUES: set[asyncio.Queue[bytes]] = set()


async def stream(_: Request) -> StreamingResponse:
    """Tell one page what comes."""

    async def told() -> AsyncIterator[bytes]:
        queue: asyncio.Queue[bytes] = asyncio.Queue()
        QUEUES.add(queue)
        yield b"ready\n\n"
        while True:
            yield await queue.get()

    return StreamingResponse(told(), media_type="text/event-stream")


async def say(request: Request) -> Response:
    """Tell all pages."""
    told = await request.body()
    for queue in QUEUES:
        queue.put_nowait(told)
    return Response()


class PeerServer:
    """The peer as a process of its own."""

    request = b"GET /stream HTTP/1.1\r\nhost: bench\r\n\r\n"

    def __init__(self) -> None:
        self.port = free_port()

    def say(self, told: bytes) -> None:
        """Have it tell all pages."""
        head = f"POST /say HTTP/1.1\r\nhost: bench\r\ncontent-length: {len(told)}\r\n\r\n"
        self._line.sendall(head.encode() + told)

    def __enter__(self) -> Self:
        """Start it."""
        command = [sys.executable, "-m", "tests.benchmarks.peer_stream", str(self.port)]
        self._process = subprocess.Popen(
            command, cwd=PROJECT, stderr=subprocess.STDOUT, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if READY in line:
                break
        self._line = socket.create_connection(("127.0.0.1", self.port))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it."""
        self._line.close()
        self._process.kill()
        self._process.wait()


if __name__ == "__main__":
    app = Starlette(routes=[Route("/stream", stream), Route("/say", say, methods=["POST"])])
    uvicorn.run(app, port=int(sys.argv[1]), access_log=False)
