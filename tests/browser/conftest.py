"""The stage that all pages are looked at on."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from gis.store.cluster import Cluster
from tests.browser.stage import Stage, fill
from tests.conftest import TEMPLATE, one_at_a_time
from tests.processes import Server


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
    made.url = server.url
    yield made
    server.stop()
    cluster.drop_database(name)
