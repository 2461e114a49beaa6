"""Which database this installation works on: its own private one, or the one it was given."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import make_url

from gis.errors import Rejected
from gis.store.cluster import Cluster, Urls
from rescue_app.settings import Settings

if TYPE_CHECKING:
    from gis.store.engine import Sessions

# `yitong run` reads this module before the server can start, so the ORM stays out of it.
PREPARING = "preparing.lock"
OLD_SCHEMA = (
    "The database has not the tables of this version. Run `yitong db migrate`, then this again."
)
AS_APP = "-c role=yitong_app -c timezone=UTC"


@contextmanager
def preparing(settings: Settings) -> Iterator[None]:
    """Hold up whoever waits for the database while it is started, migrated and filled."""
    settings.home.mkdir(parents=True, exist_ok=True)
    with (settings.home / PREPARING).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def wait_until_prepared(settings: Settings) -> None:
    """Wait for whoever prepares the database, if anybody does."""
    place = settings.home / PREPARING
    if place.exists():
        with place.open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)


def private(settings: Settings) -> Cluster:
    """Give the private server of this installation, running or not."""
    return Cluster(settings.home / "postgres")


def ensure(settings: Settings) -> Urls:
    """Give the URLs of the database, starting the private server when none was given."""
    if settings.database_url is None:
        return private(settings).ensure_running()
    return given(settings.database_url, settings.app_database_url)


@contextmanager
def opened(settings: Settings) -> Iterator["Sessions"]:
    """Open sessions as the application's role for one command."""
    from psycopg.errors import UndefinedColumn, UndefinedTable  # noqa: PLC0415 - as below
    from sqlalchemy.exc import ProgrammingError  # noqa: PLC0415 - as below

    from gis.store.engine import make_engine, make_sessions  # noqa: PLC0415 - slow, and `run` needs none

    engine = make_engine(ensure(settings).app, pool_size=1)
    try:
        yield make_sessions(engine, files_url=settings.files_place)
    except ProgrammingError as error:
        if isinstance(error.orig, UndefinedTable | UndefinedColumn):
            raise Rejected(OLD_SCHEMA) from error
        raise
    finally:
        engine.dispose()


def given(owner_url: str, app_url: str | None) -> Urls:
    """Give the URLs of a server that is not ours; it is never started, stopped or searched.

    Without a URL of its own the application's role is taken on by each connection.
    """
    owner = make_url(owner_url).set(drivername="postgresql+psycopg")
    app = make_url(app_url) if app_url else owner.update_query_dict({"options": AS_APP})
    return Urls(
        owner=owner.render_as_string(hide_password=False),
        app=app.set(drivername="postgresql+psycopg").render_as_string(hide_password=False),
    )
