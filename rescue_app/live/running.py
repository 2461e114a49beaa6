"""The hub's life beside the server's: it starts first, and ends when the server is asked to."""

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from types import FrameType
from typing import Any

from sqlalchemy import Engine

from rescue_app.live.hub import Hub
from rescue_app.live.log import connector


@asynccontextmanager
async def running_hub(engine: Engine) -> AsyncIterator[Hub]:
    """Follow the log while the application runs."""
    hub = Hub(connector(engine))
    await hub.start()
    following = asyncio.create_task(hub.follow())
    with closed_on_signal(hub):
        yield hub
    hub.close()
    following.cancel()
    with suppress(asyncio.CancelledError):
        await following


@contextmanager
def closed_on_signal(hub: Hub) -> Iterator[None]:
    """End the streams as soon as the server is told to stop.

    The server waits for open answers before it tells the application that it ends; a stream is
    an answer that never ends by itself, so it would wait for ever.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    before: dict[signal.Signals, Any] = {}

    def on_signal(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(hub.close)
        servers_own = before[signal.Signals(number)]
        if callable(servers_own):
            servers_own(number, frame)

    for number in (signal.SIGINT, signal.SIGTERM):
        before[number] = signal.signal(number, on_signal)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
