"""The hub's life beside the server's: it starts first, and ends when the server is asked to."""

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from types import FrameType
from typing import Any

from sqlalchemy import Engine

from rescue_app.live.hub import Hub
from rescue_app.live.log import connector


@asynccontextmanager
async def running_hub(engine: Engine, *, nats_url: str | None = None) -> AsyncIterator[Hub]:
    """Follow the log while the application runs; with a broker, carry it there too."""
    connect = connector(engine)
    hub, works = Hub(connect), []
    if nats_url:
        from rescue_app.live import carrier, ear  # noqa: PLC0415 - few have a broker

        carries = carrier.Carrier(connect, nats_url)
        hub = Hub(connect, source=partial(ear.Ear.open, connect, nats_url, carries.want))
        works.append(carries.run())
    await hub.start()
    following = [asyncio.create_task(work) for work in (hub.follow(), *works)]
    with closed_on_signal(hub):
        yield hub
    hub.close()
    for task in following:
        task.cancel()
    await asyncio.gather(*following, return_exceptions=True)


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
