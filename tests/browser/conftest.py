"""The stage that all pages are looked at on."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page
from starlette.testclient import TestClient

from gis.authority import Role
from gis.store.cluster import Cluster
from gis.store.engine import Sessions
from rescue_app.auth.models import Account
from tests.browser.acting import Stage
from tests.browser.stage import fill
from tests.browsing import Opener
from tests.conftest import TEMPLATE, one_at_a_time
from tests.patrols import Labelled, labelled, load_reference
from tests.processes import Server
from tests.world import GAOSUNTANG

# WebGL is drawn in software here: a small window is a quick one.
SMALL = {"width": 1000, "height": 640}


@pytest.fixture(scope="session")
def stage(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A filled city behind a server of its own; tests look and change nothing."""
    home: Path = tmp_path_factory.mktemp("stage")
    name = f"stage_{os.getpid()}"
    with one_at_a_time():
        urls = cluster.create_database(name, template=TEMPLATE)
    made = fill(urls, home)
    server = Server(urls, home=home)
    server.start()
    made.url, made.urls = server.url, urls
    yield made
    server.stop()
    cluster.drop_database(name)


@pytest.fixture
def bridge(client: TestClient, sign_in: Callable[..., Account], sessions: Sessions) -> Labelled:
    """A bridge of Gaosuntang with a label."""
    load_reference(sessions)
    sign_in(client, Role.STREET_COMMANDER, GAOSUNTANG, "高书记")
    return labelled(client)


@pytest.fixture
def open_map(new_page: Opener, stage: Stage) -> Callable[..., Page]:
    """`open_map("?grade=I", who="planner")`: the map as that person sees it, drawn and listed."""

    def do(address: str = "", *, who: str = "city", listed: bool = True, **more: object) -> Page:
        page = new_page(stage.url, token=stage.tokens[who], **({"viewport": SMALL} | more))
        page.goto(f"{stage.url}/map{address}")
        page.wait_for_selector("[data-drawn]", state="attached")
        if listed:
            page.wait_for_selector(".rail-row", state="attached")
        return page

    return do
