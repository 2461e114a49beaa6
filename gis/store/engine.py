"""Engine, session factory and the one place that commits."""

import select
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.orm import Session, sessionmaker

from gis.store import logs
from gis.store.scope import Scope, enter

Sessions = sessionmaker[Session]

PLANS = "-c plan_cache_mode=force_custom_plan"
"""Plan each question for its own box and area: after ten uses PostgreSQL would take one plan for
all, and 1,000 points of a box took 300 ms instead of 30."""
KEEP = text("SELECT set_config('plan_cache_mode', 'auto', true)")


def make_engine(url: str, *, pool_size: int = 10) -> Engine:
    """Open a pool on a database by its SQLAlchemy URL."""
    known = make_url(url)
    options = " ".join([*known.normalized_query.get("options", ()), PLANS])
    with_plans = known.update_query_dict({"options": options})
    engine = create_engine(
        with_plans, pool_pre_ping=True, pool_size=pool_size, max_overflow=pool_size
    )
    ask = engine.dialect.do_ping

    def is_there(dbapi_connection: Any) -> bool:
        return is_quiet(dbapi_connection) or ask(dbapi_connection)

    engine.dialect.do_ping = is_there  # type: ignore[method-assign]  # SQLAlchemy's own question
    return engine


def keep_plans(session: Session) -> None:
    """Let the database plan once what it does many times, until the transaction ends.

    For many rows written at once: it looks up each of their keys by a question of its own.
    """
    session.execute(KEEP)


def is_quiet(held: Any) -> bool:
    """Tell whether a pooled connection has nothing to say: a server that hung up has.

    So nobody is asked before each piece of work whether he is there.
    """
    if held.closed:
        return False
    waiting = select.poll()
    waiting.register(held.fileno(), select.POLLIN)
    return not waiting.poll(0)


def make_sessions(engine: Engine, *, files_url: str | None = None) -> Sessions:
    """Make sessions that keep their objects readable after the commit.

    `files_url` is where the bytes of stored files lie; `gis.store.files` reads it from there.
    """
    return sessionmaker(engine, expire_on_commit=False, info={"files_url": files_url})


@contextmanager
def unit_of_work(sessions: Sessions, scope: Scope | None) -> Iterator[Session]:
    """Run one piece of work in one transaction: all of it lands, or none.

    Without a scope nothing is seen until one is entered.

    What the work recorded for the audit log and announced to live pages is written last,
    under one lock, so that the order of both logs is the order of commits.
    """
    with sessions() as session, session.begin():
        if scope is not None:
            enter(session, scope)
        yield session
        session.flush()  # the logs come after the rows they speak of
        logs.write(session)
