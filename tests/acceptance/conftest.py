"""The city of the README's tour: the real areas, the whole scenario, a real server."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gis.areas import service as areas
from gis.store.cluster import Cluster, Urls
from gis.store.engine import make_engine, make_sessions, unit_of_work
from gis.store.scope import SYSTEM
from rescue_app import shipped
from rescue_app.scenario import rounds
from rescue_app.scenario import service as scenario
from tests.conftest import TEMPLATE, one_at_a_time
from tests.processes import Server

POINTS, SEED = 5_000, 20_251_106


def fill(urls: Urls, home: Path) -> None:
    """Load what the first `make run` loads."""
    engine = make_engine(urls.app)
    now = datetime.now(UTC)
    sessions = make_sessions(engine, files_url=str(home / "files"))
    with unit_of_work(sessions, SYSTEM) as session:
        shipped.load(session, secret=os.urandom(32), now=now)
        areas.load_seed(session, shipped.AREAS)
        scenario.load(session, points=POINTS, seed=SEED, now=now)
        rounds.live(session, now=now)
    engine.dispose()


@dataclass
class City:
    """A running city and how to enter it."""

    server: Server
    open_window: object

    def enter(self, login: str, path: str, **more: object):
        """Sign in through the form, as a person does, and go to a page."""
        page = self.open_window(self.server.url, **more)
        page.goto(f"{self.server.url}/sign-in?next={path}")
        page.get_by_label("账号").fill(login)
        page.get_by_label("密码").fill("yitong-demo")
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(f"{self.server.url}{path}*")
        return page

    def visit(self, path: str, **more: object):
        """Open a page without signing in, as a resident."""
        page = self.open_window(self.server.url, **more)
        page.goto(self.server.url + path)
        return page


@pytest.fixture(scope="module")
def city_server(cluster: Cluster, tmp_path_factory) -> Iterator[Server]:
    name = f"test_tour_{os.getpid()}"
    with one_at_a_time():
        urls = cluster.create_database(name, template=TEMPLATE)
    home = tmp_path_factory.mktemp("tour")
    fill(urls, home)
    server = Server(urls, home=home)
    server.start()
    yield server
    server.stop()
    cluster.drop_database(name)


@pytest.fixture
def city(city_server: Server, new_page) -> City:
    return City(city_server, new_page)
