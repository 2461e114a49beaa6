"""Engine, session factory and the one place that commits."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session, sessionmaker

from gis.store import audit, notify
from gis.store.scope import Scope, enter

Sessions = sessionmaker[Session]


def make_engine(url: str, *, pool_size: int = 10) -> Engine:
    """Open a pool on a database by its SQLAlchemy URL."""
    return create_engine(url, pool_pre_ping=True, pool_size=pool_size, max_overflow=pool_size)


def make_sessions(engine: Engine, *, files_url: str | None = None) -> Sessions:
    """Make sessions that keep their objects readable after the commit.

    `files_url` is where the bytes of stored files lie; `gis.store.files` reads it from there.
    """
    return sessionmaker(engine, expire_on_commit=False, info={"files_url": files_url})


@contextmanager
def unit_of_work(sessions: Sessions, scope: Scope) -> Iterator[Session]:
    """Run one piece of work in one transaction: all of it lands, or none.

    What the work recorded for the audit log and announced to live pages is written last,
    under one lock, so that the order of both logs is the order of commits.
    """
    with sessions() as session, session.begin():
        enter(session, scope)
        yield session
        session.flush()  # the logs come after the rows they speak of
        audit.write(session)
        notify.write(session)
