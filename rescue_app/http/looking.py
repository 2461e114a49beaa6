"""Reading where thousands look, without threads or sessions.

One trip to the database says who asks and whether anything is new, a second one draws it.
The reader's scope is entered with the first, on the connection that draws. What nobody asked for
before, and what looks the same to whoever may see it, is drawn in the same trip.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection, AsyncCursor, OperationalError
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
# With the scope comes whether the drawing is planned once for all squares: where every square is
# found by the same index, planning it anew costs five times what drawing it does.
ENTER = """
    SELECT found.id, found.name, found.role, found.area_path,
           (SELECT string_agg(live_seq(topic)::text, ' ')
            FROM unnest(string_to_array(%s, ' ')) AS topic),
           set_config('plan_cache_mode', %s, false),
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
    """A token, the topics of what is looked at, and what draws it when it is not known yet.

    `at_once` is drawn before it is known who looks, through his eyes all the same.
    """

    token_hash: bytes
    topics: Sequence[str]
    now: datetime
    wanted: Callable[[View], Sequence[Drawing]]
    at_once: Drawing | None = None
    one_plan: bool = False

    @property
    def who(self) -> tuple[str, str, bytes, datetime]:
        """Give what `ENTER` asks for."""
        plan = "force_generic_plan" if self.one_plan else "auto"
        return " ".join(self.topics), plan, self.token_hash, self.now


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
    ready: bytes | None = None
    if asked.at_once is None:
        row = await (await connection.execute(ENTER, asked.who)).fetchone()
    else:
        async with connection.pipeline():
            entered = await connection.execute(ENTER, asked.who)
            sent = await draw(connection, asked.at_once)
        row, ready = await entered.fetchone(), await drawn(sent)
    if row is None or row[0] is None:
        return None
    content = None
    for drawing in asked.wanted(View(Actor(row[0], row[1], Role(row[2]), row[3]), row[4])):
        if drawing == asked.at_once:
            content = ready
        else:
            content = await drawn(await draw(connection, drawing))
        if content is not None:
            break
    return content


async def draw(connection: Connection, drawing: Drawing) -> AsyncCursor[tuple[Any, ...]]:
    """Ask for a drawing."""
    return await connection.cursor(binary=True).execute(drawing.text, drawing.values)


async def drawn(sent: AsyncCursor[tuple[Any, ...]]) -> bytes | None:
    """Give what was drawn, or nothing where this drawing gives nothing."""
    row = await sent.fetchone()
    return None if row is None or row[0] is None else bytes(row[0])
