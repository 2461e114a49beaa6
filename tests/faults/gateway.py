"""A gateway for messages that is sometimes down, slow, or deaf after it has heard."""

import asyncio
import json
from collections.abc import Callable
from typing import Any, Self

from tests.faults.fate import Fates
from tests.faults.wire import END

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}"
DOWN = b"HTTP/1.1 503 Down\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class Gateway:
    """Keeps the id of each message it was given, and how often."""

    def __init__(self) -> None:
        self.heard: dict[str, int] = {}
        self.url = ""
        self.hears: Callable[[dict[str, Any]], None] | None = None
        """Who answers by digit tonight; each message is told him once."""
        self.fates = Fates(0)
        """Tonight's: to each message to somebody its own mood."""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(END)
            lines = head.lower().split(b"\r\n")
            length = next(int(x.partition(b":")[2]) for x in lines if b"content-length:" in x)
            told = json.loads(await reader.readexactly(length))
            dice = self.fates.dice("message", told["to"]["phone"])
            mood = dice.choices(("well", "slow", "down", "deaf"), (8, 2, 1, 1))[0]
            if mood == "down":
                writer.write(DOWN)
            else:
                self.heard[told["id"]] = self.heard.get(told["id"], 0) + 1
                if self.hears and self.heard[told["id"]] == 1:
                    self.hears(told)
                await asyncio.sleep(dice.uniform(0.2, 1) if mood == "slow" else 0)
                if mood != "deaf":
                    writer.write(OK)
            await writer.drain()
        except (OSError, EOFError):
            pass
        finally:
            writer.close()
