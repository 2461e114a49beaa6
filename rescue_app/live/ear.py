"""The log as a hub follows it where a broker carries it; the database fills in what is missing."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import structlog

from rescue_app.live.broker import AWAY, Stream
from rescue_app.live.carried import Carried
from rescue_app.live.events import Event
from rescue_app.live.log import Connect, Log

LOOK_S = 1.0
"""How often a process looks whether the database has what the stream did not bring."""
RETRY_S = 1.0
log = structlog.get_logger()


class Ear:
    """Hears the broker. What it hears late or with a gap, or not at all, is in the database."""

    def __init__(self, opened: Log, servers: str, untold: Callable[[], None]) -> None:
        self._log, self._servers, self._untold = opened, servers, untold
        self._came: deque[Carried] = deque()
        self._woken = asyncio.Event()
        self._stream: Stream | None = None
        self._fills = True
        """Whether lines may be missing, since nothing was heard for a moment."""
        self._looks = False

    async def after(self, seq: int) -> list[Event]:
        """Give lines after a number, in their order and without a gap."""
        if self._fills or self._looks:
            suspicious = not self._fills
            self._fills = self._looks = False
            missing = await self._log.after(seq)
            if missing and suspicious:
                self._doubt()
            return missing
        found: list[Event] = []
        while self._came:
            reached = found[-1].seq if found else seq
            told = self._came[0]
            if told.last > reached and not told.follows(reached):
                if not found:
                    self._came.popleft()
                return found or await self._log.after(seq)
            self._came.popleft()
            found += [event for event in told.lines or () if event.seq > reached]
        return found

    def _doubt(self) -> None:
        """Listen anew, and see that somebody carries: the stream did not bring what is there."""
        self._untold()
        if self._stream is not None:
            self._stream.lost.set()

    async def wait(self, seconds: float) -> None:
        """Wait until the broker brings something, or it is time to look at the database."""
        try:
            async with asyncio.timeout(min(seconds, LOOK_S)):
                await self._woken.wait()
        except TimeoutError:
            self._looks = True
        self._woken.clear()

    def _heard(self, told: Carried) -> None:
        self._came.append(told)
        self._woken.set()

    async def listen(self) -> None:
        """Be connected to the broker, again and again."""
        name, away = await self._log.name(), ""
        while True:
            try:
                async with Stream.open(self._servers, name) as self._stream:
                    await self._stream.hear(self._heard)
                    away = ""
                    self._fills = True
                    self._woken.set()
                    await self._stream.lost.wait()
            except AWAY as error:
                if away != (away := type(error).__name__):
                    log.warning("live_broker_away", error=away)
            self._stream = None
            await asyncio.sleep(RETRY_S)

    @classmethod
    @asynccontextmanager
    async def open(
        cls, connect: Connect, servers: str, untold: Callable[[], None]
    ) -> "AsyncIterator[Ear]":
        """Hear the broker, and hold a line to the database beside it."""
        async with Log.open(connect, listens=False) as opened:
            ear = cls(opened, servers, untold)
            listening = asyncio.create_task(ear.listen())
            try:
                yield ear
            finally:
                listening.cancel()
                with suppress(asyncio.CancelledError):
                    await listening
