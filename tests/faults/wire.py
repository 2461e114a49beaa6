"""A bad line between phones and servers: it drops, delays, repeats and reorders what is sent.

Each connection carries one request. Its fate is drawn from the night's seed by the request's own
mark, so that the same request has the same fate, whatever else is under way; `calm` mends the line.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from random import Random
from typing import Self

from tests.faults.fate import Fates
from tests.faults.phone import MARK

CHUNK = 65_536
END = b"\r\n\r\n"
LIMIT_S = 30
FATES = ("through", "late", "lost", "unheard", "cut", "twice", "again")
ODDS = (50, 16, 8, 8, 4, 8, 6)


class Wire:
    """Listens on a port of its own and carries requests to one of the servers."""

    def __init__(
        self, ports: Sequence[int], *, seed: int, passes: Callable[[str], None] = lambda _: None
    ) -> None:
        self.port = 0
        self.fates = dict.fromkeys(FATES, 0)
        self.calm = False
        self.story: list[str] = []
        """What became of each request, in turn."""
        self._ports, self._passes = ports, passes
        self._fates = Fates(seed)
        self._again: set[asyncio.Task[bytes]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await asyncio.gather(*self._again, return_exceptions=True)

    async def settled(self) -> None:
        """Mend the line, and let what still wanders about arrive."""
        self.calm = True
        await asyncio.gather(*self._again, return_exceptions=True)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await _request(reader)
            if request.startswith(b"GET /live"):
                await self._stream(request, writer, self._fates.dice("wall"))
            else:
                writer.write(await self._fate(request, marked(request)))
                await writer.drain()
        except (OSError, EOFError, TimeoutError):
            pass
        finally:
            with contextlib.suppress(OSError):
                writer.close()

    async def _fate(self, request: bytes, mark: str) -> bytes:
        """Carry a request, or what becomes of it; nothing comes back from one that is lost."""
        dice = self._fates.of(f"line {mark}")
        fate = "through" if self.calm else dice.choices(FATES, ODDS)[0]
        wait_s = dice.uniform(0.05, 2.0)
        self.fates[fate] += 1
        self.story.append(f"{mark}: {fate}")
        self._passes(mark)
        if fate == "late":
            await asyncio.sleep(wait_s)
        if fate == "lost":
            return b""
        if fate == "cut":
            await self._carry(request[: len(request) * 2 // 3], dice, whole=False)
            return b""
        if fate == "twice":
            answers = await asyncio.gather(self._carry(request, dice), self._carry(request, dice))
            return answers[0]
        if fate == "again":
            self._again.add(asyncio.create_task(self._later(request, wait_s, dice)))
        told = await self._carry(request, dice)
        return b"" if fate == "unheard" else told

    async def _later(self, request: bytes, wait_s: float, dice: Random) -> bytes:
        await asyncio.sleep(wait_s)
        with contextlib.suppress(OSError, EOFError, TimeoutError):
            return await self._carry(request, dice)
        return b""

    async def _carry(self, request: bytes, dice: Random, *, whole: bool = True) -> bytes:
        async with asyncio.timeout(LIMIT_S):
            reader, writer = await self._server_line(dice)
            try:
                writer.write(request)
                await writer.drain()
                return await reader.read() if whole else b""
            finally:
                writer.close()

    async def _server_line(self, dice: Random) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open a connection to any server that takes one."""
        first, *others = dice.sample(self._ports, len(self._ports))
        for port in others:
            with contextlib.suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", first)
            first = port
        return await asyncio.open_connection("127.0.0.1", first)

    async def _stream(self, request: bytes, writer: asyncio.StreamWriter, dice: Random) -> None:
        """Let a live page read, until the line is cut."""
        reader, away = await self._server_line(dice)
        try:
            away.write(request)
            until = LIMIT_S * 10 if self.calm else dice.uniform(0.5, 6)
            async with asyncio.timeout(until):
                while told := await reader.read(CHUNK):
                    writer.write(told)
                    await writer.drain()
        finally:
            away.close()


def marked(request: bytes) -> str:
    """Read off a request what its phone calls it."""
    _, _, after = request.partition(MARK.encode())
    return after.partition(b"\r\n")[0].decode()


async def _request(reader: asyncio.StreamReader) -> bytes:
    async with asyncio.timeout(LIMIT_S):
        head = await reader.readuntil(END)
        length = 0
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        return head + await reader.readexactly(length)
