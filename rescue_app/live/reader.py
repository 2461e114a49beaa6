"""One open page: bytes go straight from the hub into its connection, without a task between.

Five thousand pages are told of an order by five thousand short function calls. Only a reader
whose connection is full gets a task, which waits for it; one who stays full is let go, and
comes back with its last event id.
"""

import asyncio
import types
from collections.abc import Coroutine, Generator, Sequence
from typing import Any

from starlette.types import Message, Send

WAITING_LIMIT = 256
"""Messages kept for a reader whose connection is full."""


def body(chunk: bytes, *, more: bool = True) -> Message:
    """Wrap bytes for the server; the same message serves all readers."""
    return {"type": "http.response.body", "body": chunk, "more_body": more}


@types.coroutine
def _resume(sending: Coroutine[Any, Any, None], awaited: Any) -> Generator[Any, Any, None]:
    """Go on with a coroutine from where it first had to wait."""
    while True:
        yield awaited
        try:
            awaited = sending.send(None)
        except StopIteration:
            return


class Reader:
    """The hub's end of a stream. `gone` is set when there is nobody to write to any more."""

    def __init__(self, send: Send) -> None:
        self.gone = asyncio.Event()
        self._send = send
        self._waiting: list[Message] = []
        self._flushing: asyncio.Task[None] | None = None

    def push(self, message: Message) -> None:
        """Write a message now, or keep it while the connection is full."""
        if self.gone.is_set():
            return
        if self._flushing is not None:
            self._keep(message)
            return
        sending: Coroutine[Any, Any, None] = self._send(message)  # type: ignore[assignment]  # ASGI's send is a coroutine function
        try:
            awaited = sending.send(None)
        except StopIteration:
            return
        except OSError:
            self.gone.set()
        else:
            self._flushing = asyncio.get_running_loop().create_task(self._flush(sending, awaited))

    def end(self, last_words: Sequence[Message] = ()) -> None:
        """Write what is to be said last and let the reader go."""
        for message in (*last_words, body(b"", more=False)):
            self.push(message)
        self.gone.set()

    def drop(self) -> None:
        """Forget a reader who does not read."""
        self._waiting.clear()
        self.gone.set()

    def _keep(self, message: Message) -> None:
        if len(self._waiting) < WAITING_LIMIT:
            self._waiting.append(message)
        else:
            self.drop()

    async def _flush(self, sending: Coroutine[Any, Any, None], awaited: Any) -> None:
        try:
            await _resume(sending, awaited)
            while self._waiting:
                await self._send(self._waiting.pop(0))
        except OSError:
            self.drop()
        finally:
            self._flushing = None
