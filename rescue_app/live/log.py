"""The live log in the database, read and listened to on one connection of its own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Self

import psycopg
from sqlalchemy import Engine

from gis.store.notify import CHANNEL
from rescue_app.live.events import Event, encode

# The listener tells every reader what concerns him: it sees all, each reader's view narrows it.
SEE_ALL = """
    SELECT set_config('yitong.area_path', '/', false), set_config('yitong.role', 'system', false)
"""
LISTEN = psycopg.sql.SQL("LISTEN {}").format(psycopg.sql.Identifier(CHANNEL))
AFTER = """
    SELECT seq, topic, kind, ref, area_paths FROM live_event
    WHERE seq > %s ORDER BY seq LIMIT %s
"""
NEWEST = """
    SELECT seq, topic, kind, ref, area_paths FROM live_event ORDER BY seq DESC LIMIT %s
"""
NEWEST_SEQ = "SELECT coalesce(max(seq), 0) FROM live_event"
# Of this very database: a copy of it on another server, or beside it, is another log.
NAME = """
    SELECT system_identifier || '-' || oid FROM pg_control_system(), pg_database
    WHERE datname = current_database()
"""
BATCH = 5000

Row = tuple[Any, ...]


class Log:
    """An open connection to the log."""

    def __init__(self, connection: "psycopg.AsyncConnection[Row]") -> None:
        self._connection = connection

    async def newest(self, count: int) -> list[Event]:
        """Give the last lines, oldest first."""
        cursor = await self._connection.execute(NEWEST, (count,))
        return [encode(*row) for row in await cursor.fetchall()][::-1]

    async def after(self, seq: int, limit: int = BATCH) -> list[Event]:
        """Give the lines after a number."""
        cursor = await self._connection.execute(AFTER, (seq, limit))
        return [encode(*row) for row in await cursor.fetchall()]

    async def newest_seq(self) -> int:
        """Give the number of the last line."""
        cursor = await self._connection.execute(NEWEST_SEQ)
        (seq,) = await cursor.fetchone() or (0,)
        return int(seq)

    async def name(self) -> str:
        """Give a name that no other log has."""
        cursor = await self._connection.execute(NAME)
        (name,) = await cursor.fetchone() or ("",)
        return str(name)

    async def wait(self, seconds: float) -> None:
        """Wait until something was written, or the time is over."""
        async for _ in self._connection.notifies(timeout=seconds, stop_after=1):
            pass

    @classmethod
    @asynccontextmanager
    async def open(cls, connect: "Connect", *, listens: bool = True) -> AsyncIterator[Self]:
        """Connect and listen; what is written from here on wakes `wait`."""
        async with await connect() as connection:
            await connection.execute(SEE_ALL)
            if listens:
                await connection.execute(LISTEN)
            yield cls(connection)


Connect = Callable[[], Awaitable["psycopg.AsyncConnection[Row]"]]


def connector(engine: Engine) -> Connect:
    """Connect to where the engine does, outside its pool."""
    args, kwargs = engine.dialect.create_connect_args(engine.url)

    async def connect() -> "psycopg.AsyncConnection[Row]":
        return await psycopg.AsyncConnection.connect(*args, **kwargs, autocommit=True)

    return connect
