"""Reading where thousands look, without threads or sessions.

One trip to the database says who asks and whether anything is new, a second one draws it.
The reader's scope is entered with the first, on the connection that draws. What nobody asked for
before is drawn in the same trip, as most who look would see it: the few others ask once more.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from uuid import UUID

from psycopg import OperationalError
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from sqlalchemy import make_url

from gis.authority import Actor, Role
from gis.errors import Unavailable
from gis.store.trip import Line, Question, Row
from gis.tiles import Drawing

POOL_SIZE = 8
KEPT_VIEWS = 1_000
PATIENCE_S = 10.0

# The scope of whoever carries the token is entered for the connection, which serves nobody else
# until it is asked who comes next; a token that nobody carries leaves a scope that sees nothing.
# With the scope comes whether the drawing is planned once for all squares: where every square is
# found by the same index, planning it anew costs five times what drawing it does.
ENTER = """
    SELECT found.id, found.name, found.role, found.area_path,
           (SELECT string_agg(live_seq(topic)::text, ' ')
            FROM unnest(string_to_array(%(topics)s, ' ')) AS topic),
           set_config('plan_cache_mode', %(plan)s, false),
           set_config('yitong.area_path', coalesce(found.area_path, ''), false),
           set_config('yitong.role', coalesce(found.role, ''), false),
           set_config('yitong.actor', coalesce(found.id::text, ''), false)
    FROM (VALUES (1)) AS once LEFT JOIN carrier_of(%(token)s, %(now)s) AS found ON true
"""


class Plan(StrEnum):
    """How the database plans a drawing, in PostgreSQL's words."""

    AS_IT_SEES_FIT = "auto"
    ONCE = "force_generic_plan"
    EACH_TIME = "force_custom_plan"


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
    wanted: Callable[[View], Iterable[Drawing]]
    at_once: Drawing | None = None
    plan: Plan = Plan.AS_IT_SEES_FIT

    @property
    def who(self) -> Question:
        """Ask who looks, and enter his scope."""
        said = {"topics": " ".join(self.topics), "plan": self.plan.value}
        return Question(ENTER, said | {"token": self.token_hash, "now": self.now})


class Looker:
    """Connections for looking, as the application's role."""

    def __init__(self, app_url: str) -> None:
        conninfo = make_url(app_url).set(drivername="postgresql")
        self.pool = AsyncConnectionPool(
            conninfo.render_as_string(hide_password=False),
            kwargs={"autocommit": True},
            connection_class=Line,
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
                return await self._look(asked)
            except OperationalError:
                await self.pool.check()
            return await self._look(asked)
        except PoolTimeout as error:
            raise Unavailable("The database is away. Try again in a moment.") from error

    async def _look(self, asked: Look) -> bytes | None:
        # No `pool.connection()`: it would end a transaction that nobody began.
        connection = await self.pool.getconn()
        try:
            return await seen(connection, asked)
        finally:
            await self.pool.putconn(connection)


async def seen(connection: Line, asked: Look) -> bytes | None:
    """Enter the scope of whoever carries the token, and draw what he wants."""
    at_once = () if asked.at_once is None else (of(asked.at_once),)
    entered, *drawn = await connection.trip(asked.who, *at_once)
    view = viewed(entered or ())
    if view is None:
        return None
    for drawing in asked.wanted(view):
        if drawing == asked.at_once:
            (row,) = drawn
        else:
            (row,) = await connection.trip(of(drawing))
        if row is not None and row[0] is not None:
            return row[0]
    return None


def of(drawing: Drawing) -> Question:
    """Ask for a drawing."""
    return Question(drawing.text, drawing.values, as_bytes=True)


@lru_cache(KEPT_VIEWS)
def viewed(entered: Row) -> View | None:
    """Tell who looks, from the answer to `ENTER`; a map asks some twenty times in a row."""
    said = [None if text is None else text.decode() for text in entered[:5]]
    match said:
        case [str(found), str(name), str(role), str(area_path), version]:
            return View(Actor(UUID(found), name, Role(role), area_path), version or "")
    return None
