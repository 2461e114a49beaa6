"""Real PostGIS, the real application, real processes: what every test may ask for."""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from gis.authority import Role
from gis.store.base import new_id
from gis.store.cluster import Cluster, Urls
from gis.store.engine import Sessions, make_engine, make_sessions, unit_of_work
from gis.store.scope import SYSTEM
from rescue_app import schema
from rescue_app.auth import service as auth
from rescue_app.auth.models import Account
from rescue_app.http.dependencies import COOKIE
from rescue_app.main import create_app
from rescue_app.settings import PROJECT, Settings
from tests.browsing import browser, new_page, page
from tests.contents import Contents
from tests.patrols import load_shipped
from tests.processes import Server
from tests.world import CITY, build_world

pytest_plugins = ("tests.skips", "tests.jetstream")
MARK = hashlib.sha256(str(PROJECT).encode()).hexdigest()[:8]
HOME = Path(tempfile.gettempdir()) / f"yitong-test-{MARK}"
DIGEST = hashlib.sha256(
    b"".join(p.read_bytes() for p in sorted((PROJECT / "rescue_app/migrations").rglob("*.py")))
).hexdigest()[:12]
TEMPLATE = f"template_{DIGEST}"
NO_PASSWORD = "-"
# A busy machine is no fault of the code: what is slow is found by the benchmarks. Nor is a change
# to blame for an example that chance finds beside it: all machines try the same ones, and
# `--hypothesis-profile default` looks for others.
SLOW = [hypothesis.HealthCheck.too_slow]
hypothesis.settings.register_profile(
    "busy", deadline=None, derandomize=True, suppress_health_check=SLOW
)
hypothesis.settings.load_profile("busy")
__all__ = ["browser", "new_page", "page"]


@contextmanager
def one_at_a_time() -> Iterator[None]:
    with HOME.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def databases(cluster: Cluster) -> list[str]:
    engine = create_engine(cluster.urls("postgres").owner)
    with engine.connect() as connection:
        found = list(connection.scalars(text("SELECT datname FROM pg_database")))
    engine.dispose()
    return found


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    """The tests' own PostGIS, kept between runs; the template has today's schema."""
    cluster = Cluster(HOME, fast=True)
    with one_at_a_time():
        cluster.ensure_running()
        if TEMPLATE not in databases(cluster):
            draft = f"draft_{os.getpid()}"
            schema.upgrade(cluster.create_database(draft).owner)
            engine = create_engine(cluster.urls("postgres").owner, isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                connection.execute(text(f'ALTER DATABASE "{draft}" RENAME TO "{TEMPLATE}"'))
            engine.dispose()
    return cluster


@pytest.fixture(scope="session")
def worker_urls(cluster: Cluster) -> Iterator[Urls]:
    """A clone of the template for this test process alone."""
    name = f"test_{os.getpid()}"
    with one_at_a_time():
        urls = cluster.create_database(name, template=TEMPLATE)
    yield urls
    cluster.drop_database(name)


@pytest.fixture(scope="session")
def contents(worker_urls: Urls) -> Iterator[Contents]:
    """The database of this process, with copies of what we ship to lay down for a test."""
    made = Contents(worker_urls.owner)
    engine = make_engine(worker_urls.app, pool_size=1)
    made.keep(partial(load_shipped, make_sessions(engine)))
    engine.dispose()
    yield made
    made.engine.dispose()


@pytest.fixture
def database(worker_urls: Urls, contents: Contents) -> Iterator[Urls]:
    """The database of one test: as migrated, and emptied again afterwards."""
    yield worker_urls
    contents.empty()


@pytest.fixture
def sessions(database: Urls, tmp_path: Path) -> Iterator[Sessions]:
    """Sessions as the application's role: row-level security holds."""
    engine = make_engine(database.app, pool_size=4)
    yield make_sessions(engine, files_url=str(tmp_path / "files"))
    engine.dispose()


@pytest.fixture
def owner(database: Urls) -> Iterator[Session]:
    """A session as the owner, to look behind row-level security; never committed."""
    engine = create_engine(database.owner)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def world(sessions: Sessions) -> None:
    """A small city: two districts, three streets (tests/world.py)."""
    with unit_of_work(sessions, SYSTEM) as session:
        build_world(session)


@pytest.fixture
def settings(tmp_path: Path, database: Urls) -> Settings:
    return Settings(home=tmp_path, database_url=database.owner, app_database_url=database.app)


@pytest.fixture
def client(settings: Settings, database: Urls) -> Iterator[TestClient]:
    """The whole application behind an HTTP client that behaves like our own pages."""
    app = create_app(settings, app_url=database.app)
    headers = {"sec-fetch-site": "same-origin"}
    with TestClient(app, headers=headers, follow_redirects=False) as made:
        yield made


@dataclass
class People:
    """Makes accounts and signs them in without a password form."""

    sessions: Sessions

    def add(
        self, role: Role, area_path: str = CITY, name: str = "", phone: str | None = None
    ) -> Account:
        account = Account(
            login=f"{role}-{new_id()}",
            name=name or f"{role} {area_path}",
            phone=phone,
            role=role,
            area_path=area_path,
            password_hash=NO_PASSWORD,
        )
        with unit_of_work(self.sessions, SYSTEM) as session:
            session.add(account)
        return account

    def token(self, account: Account) -> str:
        life = timedelta(days=1)
        with unit_of_work(self.sessions, SYSTEM) as session:
            return auth.begin(session, account, agent="test", now=datetime.now(UTC), life=life)


@pytest.fixture
def people(sessions: Sessions) -> People:
    return People(sessions)


@pytest.fixture
def sign_in(people: People) -> Callable[..., Account]:
    """`sign_in(client, Role.PLANNER, WANZHOU)` signs the client in as a new account."""

    def do(client: TestClient, role: Role, area_path: str = CITY, name: str = "") -> Account:
        account = people.add(role, area_path, name)
        client.cookies.set(COOKIE, people.token(account))
        return account

    return do


@pytest.fixture
def live_server(database: Urls, tmp_path: Path) -> Iterator[Server]:
    """A real server process on a free port; `kill()` is kill -9, `start()` brings it back."""
    server = Server(database, home=tmp_path)
    server.start()
    yield server
    server.stop()
