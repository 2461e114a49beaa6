"""Many people's words in one transaction, each written through the eyes of who says it.

Everything is sent before the first answer comes back, so that a hundred people cost one journey
to the database. Row-level security looks at each row as if its person were there alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import LiteralString

import psycopg
from sqlalchemy.orm import Session

from gis.store.scope import SYSTEM, Scope

ENTER = """
    SELECT set_config('yitong.area_path', %s, true), set_config('yitong.role', %s, true),
           set_config('yitong.actor', %s, true)
"""


@dataclass(frozen=True, slots=True)
class Deed:
    """One row to write, and whose eyes have to be allowed to."""

    scope: Scope
    values: Mapping[str, object]


def driver(session: Session) -> psycopg.Connection[tuple[object, ...]]:
    """Give psycopg's own connection of this very transaction; only it can COPY and pipeline."""
    connection = session.connection().connection.driver_connection
    if not isinstance(connection, psycopg.Connection):
        msg = "psycopg is the one driver here"
        raise TypeError(msg)
    return connection


@contextmanager
def meanwhile(session: Session) -> Iterator[None]:
    """Let the database begin with what is written in here while the program goes on.

    For rows of which nothing is asked; what the database refuses is heard at the end.
    """
    with driver(session).pipeline():
        yield


def write_each(session: Session, statement: LiteralString, deeds: Sequence[Deed]) -> list[bool]:
    """Run a statement once for each deed in the deed's scope; tell which ones wrote a row.

    Called in the SYSTEM scope, which is there again afterwards.
    """
    if not deeds:
        return []
    connection = driver(session)
    with connection.pipeline():
        done = []
        for deed in deeds:
            connection.execute(ENTER, eyes(deed.scope))
            done.append(connection.execute(statement, deed.values))
        connection.execute(ENTER, eyes(SYSTEM))
    return [cursor.rowcount == 1 for cursor in done]


def eyes(scope: Scope) -> tuple[str, str, str]:
    """Give a scope as the settings that policies read."""
    return scope.area_path, scope.role, str(scope.actor_id)
