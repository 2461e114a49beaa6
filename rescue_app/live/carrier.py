"""From the database to the broker: nothing that was not committed, and all that was.

The log in the database is the outbox: a line is there when it is committed. One process carries.
Whoever sees a line that the stream does not bring begins to carry too; the stream takes a message
only from who knows its last one, so of two who carry one is refused, and leaves it to the other.
"""

import asyncio

import psycopg
import structlog

from rescue_app.live.broker import AWAY, Overtaken, Stream
from rescue_app.live.carried import Carried, pieces
from rescue_app.live.log import BATCH, Connect, Log

WAIT_S = 1.0
RETRY_S = 1.0
log = structlog.get_logger()


class Carrier:
    """Carries what is committed to the broker, for as long as nobody else does."""

    def __init__(self, connect: Connect, servers: str) -> None:
        self._connect, self._servers = connect, servers
        self._wanted = asyncio.Event()
        self._wanted.set()

    def want(self) -> None:
        """Carry, since it seems that nobody does."""
        self._wanted.set()

    async def run(self) -> None:
        """Carry whenever it is wanted, until the process ends."""
        while await self._wanted.wait():
            self._wanted.clear()
            try:
                await self._carry()
            except Overtaken:
                log.info("live_carrier_overtaken")
            except (*AWAY, psycopg.Error):
                self._wanted.set()
                await asyncio.sleep(RETRY_S)

    async def _carry(self) -> None:
        async with (
            Log.open(self._connect) as opened,
            Stream.open(self._servers, await opened.name()) as stream,
        ):
            carried = await self._begin(opened, stream)
            while not stream.lost.is_set():
                while fresh := await opened.after(carried):
                    for piece in pieces(fresh, after=carried):
                        await stream.write(piece)
                    carried = fresh[-1].seq
                await opened.wait(WAIT_S)
        raise ConnectionResetError

    async def _begin(self, opened: Log, stream: Stream) -> int:
        """Go on behind the last carried line; what is long ago is read at the database.

        A log that is behind its own stream was restored from a backup: its numbers count.
        """
        carried, newest = await stream.carried(), await opened.newest_seq()
        if carried <= newest <= carried + BATCH:
            return carried
        await stream.write(Carried(min(carried, newest), newest, None))
        return newest
