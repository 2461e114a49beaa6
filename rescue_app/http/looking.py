"""Reading where thousands look, without threads or sessions.

One trip to the database says who asks and whether anything is new, a second one draws it.
The reader's scope is entered with the first, on the connection that draws.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection, OperationalError
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from sqlalchemy import make_url

from gis.authority import Actor, Role
from gis.errors import Unavailable
from gis.tiles import Drawing

POOL_SIZE = 8
PATIENCE_S = 10.0
PREPARE_AFTER = 2
"""Uses after which a connection keeps a query's plan."""

# The scope of whoever carries the token is entered for the connection, which serves nobody else
# until it is asked who comes next; a token that nobody carries leaves a scope that sees nothing.
ENTER = """
    SELECT found.id, found.name, found.role, found.area_path,
           array_to_string(ARRAY(SELECT live_seq(topic) FROM unnest(%s::text[]) AS topic), ' '),
           set_config('yitong.area_path', coalesce(found.area_path, ''), false),
           set_config('yitong.role', coalesce(found.role, ''), false),
           set_config('yitong.actor', coalesce(found.id::text, ''), false)
    FROM (VALUES (1)) AS once LEFT JOIN carrier_of(%s, %s) AS found ON true
"""

Connection = AsyncConnection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class View:
    """Who looks, and a word that changes when anything he may look at does."""

    actor: Actor
    version: str


@dataclass(frozen=True, slots=True)
class Look:
    """A token, the topics of what is looked at, and what draws it when it is not known yet."""

    token_hash: bytes
    topics: Sequence[str]
    now: datetime
    wanted: Callable[[View], Sequence[Drawing]]


class Looker:
    """Connections for looking, as the application's role."""

    def __init__(self, app_url: str) -> None:
        conninfo = make_url(app_url).set(drivername="postgresql")
        self.pool = AsyncConnectionPool(
            conninfo.render_as_string(hide_password=False),
            kwargs={"autocommit": True, "prepare_threshold": PREPARE_AFTER},
            min_size=1,
            max_size=POOL_SIZE,
            timeout=PATIENCE_S,
            open=False,
        )

    async def look(self, asked: Look) -> bytes | None:
        """Give what was wanted; nothing when nothing was, or nobody carries the token.

        Asked once more when the connection had died meanwhile: the database was restarted.
        """
        try:
            try:
                async with self.pool.connection() as connection:
                    return await seen(connection, asked)
            except OperationalError:
                await self.pool.check()
            async with self.pool.connection() as connection:
                return await seen(connection, asked)
        except PoolTimeout as error:
            raise Unavailable("The database is away. Try again in a moment.") from error


async def seen(connection: Connection, asked: Look) -> bytes | None:
    """Enter the scope of whoever carries the token, and draw what he wants."""
    who = (list(asked.topics), asked.token_hash, asked.now)
    row = await (await connection.execute(ENTER, who)).fetchone()
    if row is None or row[0] is None:
        return None
    content = None
    for drawing in asked.wanted(View(Actor(row[0], row[1], Role(row[2]), row[3]), row[4])):
        cursor = connection.cursor(binary=True)
        await cursor.execute(drawing.text, drawing.values)
        drawn = await cursor.fetchone()
        content = b"" if drawn is None or drawn[0] is None else bytes(drawn[0])
        if drawn is not None and drawn[0] is not None:
            break
    return content
