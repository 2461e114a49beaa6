"""One LISTEN per process, any number of readers: what was committed is told once to each."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Protocol

import psycopg
import structlog

from rescue_app.live.events import RESET, Event, View, mark
from rescue_app.live.log import BATCH, Connect, Log
from rescue_app.live.reader import Reader, body

KEPT_EVENTS = 10_000
"""How many of the newest lines each process keeps at hand for readers who come back."""
HEARTBEAT_S = 15.0
RETRY_S = 0.5
COMMENT = b": here\n"
log = structlog.get_logger()


class Source(Protocol):
    """The log as it is followed: at the database itself, or as a broker brings it."""

    async def after(self, seq: int) -> list[Event]:
        """Give the lines after a number, without a gap."""

    async def wait(self, seconds: float) -> None:
        """Wait until there may be more, or the time is over."""


Follow = Callable[[], AbstractAsyncContextManager[Source]]


class Hub:
    """Follows the log and writes what is new to every reader whose view has it."""

    def __init__(
        self, connect: Connect, *, source: Follow | None = None, heartbeat_s: float = HEARTBEAT_S
    ) -> None:
        self.seq = 0
        self.closed = False
        self._connect = connect
        self._source: Follow = source or partial(Log.open, connect)
        self._heartbeat_s = heartbeat_s
        self._kept: deque[Event] = deque(maxlen=KEPT_EVENTS)
        self._newest_of: dict[str, int] = {}
        self._floor = 0  # everything after this number is at hand
        self._readers: dict[View, set[Reader]] = defaultdict(set)

    @property
    def readers(self) -> int:
        """How many pages are open."""
        return sum(len(group) for group in self._readers.values())

    def newest_of(self, topic: str) -> int:
        """Give the number of the last line of a topic that this process has heard of."""
        return self._newest_of.get(topic, 0)

    async def start(self) -> None:
        """Load the newest part of the log before the first page asks for it.

        A server that starts while the database comes back waits for it, and does not end.
        """
        newest = await self._newest()
        while newest is None:
            await asyncio.sleep(RETRY_S)
            newest = await self._newest()
        self._kept.extend(newest)
        self._floor = newest[0].seq - 1 if len(newest) == KEPT_EVENTS else 0
        self.seq = newest[-1].seq if newest else 0
        self._newest_of |= {event.topic: event.seq for event in newest}

    async def _newest(self) -> list[Event] | None:
        try:
            async with Log.open(self._connect) as opened:
                return await opened.newest(KEPT_EVENTS)
        except psycopg.Error as error:
            log.warning("live_log_away", error=type(error).__name__)
            return None

    async def follow(self) -> None:
        """Tell what is committed until the process ends; a lost database is waited for."""
        while not self.closed:
            try:
                async with self._source() as opened:
                    await self._follow(opened)
            except psycopg.Error as error:
                log.warning("live_log_lost", error=type(error).__name__)
                await asyncio.sleep(RETRY_S)

    async def _follow(self, opened: Source) -> None:
        clock = asyncio.get_running_loop().time
        beat_at = clock() + self._heartbeat_s
        while not self.closed:
            while fresh := await opened.after(self.seq):
                self._publish(fresh)
            if clock() >= beat_at:
                self._tell_all(COMMENT + mark(self.seq))
                beat_at = clock() + self._heartbeat_s
            await opened.wait(max(0.0, beat_at - clock()))

    def _publish(self, events: list[Event]) -> None:
        if len(self._kept) + len(events) > KEPT_EVENTS:
            gone = min(len(self._kept), len(self._kept) + len(events) - KEPT_EVENTS)
            self._floor = self._kept[gone - 1].seq
        self._kept.extend(events)
        self.seq = events[-1].seq
        self._newest_of |= {event.topic: event.seq for event in events}
        for view, group in list(self._readers.items()):
            chunk = b"".join(event.encoded for event in events if view.sees(event))
            if chunk:
                _write(group, chunk)

    def _tell_all(self, chunk: bytes) -> None:
        for group in list(self._readers.values()):
            _write(group, chunk)

    async def older(self, view: View, after: int) -> tuple[bytes, int]:
        """Give what a long absent reader missed before what is at hand, and where that ends."""
        if after >= self._floor or after > self.seq:
            return b"", after
        async with Log.open(self._connect) as opened:
            events = await opened.after(after)
        if len(events) == BATCH:
            return RESET, self._floor
        reached = min(events[-1].seq, self.seq) if events else after
        return b"".join(event.encoded for event in events if view.sees(event)), reached

    def join(self, view: View, reader: Reader, *, after: int | None, opening: bytes) -> None:
        """Tell a reader what it missed and everything from now on, in one step without a gap."""
        if after is None:
            missed = b""
        elif after > self.seq:
            missed = RESET  # the log went back: another database, or a restored one
        else:
            missed = b"".join(
                event.encoded for event in self._kept if event.seq > after and view.sees(event)
            )
        reader.push(body(opening + missed + mark(self.seq)))
        if self.closed:
            reader.end()
        else:
            self._readers[view].add(reader)

    def leave(self, view: View, reader: Reader) -> None:
        """Forget a reader."""
        self._readers[view].discard(reader)
        if not self._readers[view]:
            del self._readers[view]

    def close(self) -> None:
        """End every stream, so that the server can stop at once; pages come back by themselves."""
        self.closed = True
        for group in list(self._readers.values()):
            for reader in list(group):
                reader.end()


def _write(readers: Iterable[Reader], chunk: bytes) -> None:
    message = body(chunk)
    for reader in tuple(readers):
        reader.push(message)
