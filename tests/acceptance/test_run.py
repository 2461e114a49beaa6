"""`yitong run`, as a stranger starts it: a real program, its own database, real kills."""

import os
import shutil
import signal
from pathlib import Path

import pytest

from gis.store import postmaster
from gis.store.cluster import Cluster
from tests.platforms import LIMIT_S, Platform, fill, small_city
from tests.processes import free_port


@pytest.fixture
def home():
    place = small_city()
    yield place
    Cluster(place / "postgres").stop()
    shutil.rmtree(place)


@pytest.fixture
def start():
    started = []

    def do(port=None, *, home, **environment):
        platform = Platform(home, port or free_port(), **environment)
        platform.start()
        started.append(platform)
        return platform

    yield do
    for platform in started:
        platform.end()


def test_run_starts_everything_survives_kills_and_ends_whole(start, home):
    platform = start(home=home)
    platform.wait_for("yitong-demo")
    assert platform.answers()
    assert platform.url in platform.said
    cluster = Cluster(home / "postgres")
    assert cluster.running()

    server = platform.children()["serve"]
    os.kill(server, signal.SIGKILL)
    platform.wait_for("server ended (-9); starting it again")
    platform.wait_until(platform.answers)

    os.kill(postmaster.living(cluster.data), signal.SIGKILL)
    platform.wait_for("The database ended; starting it again")
    platform.wait_until(platform.answers)

    # The program that started the database may still be there when it answers already.
    platform.wait_until(lambda: set(platform.children()) == {"serve", "worker"})
    children = platform.children()
    assert platform.end() == 0
    assert not platform.answers()
    assert not cluster.running()
    assert not [pid for pid in children.values() if Path(f"/proc/{pid}").exists()]

    again = start(home=home)
    again.wait_for("yitong-demo")
    os.kill(again.process.pid, signal.SIGKILL)
    again.wait_until(lambda: not again.answers())  # nothing is left behind unwatched


def test_a_taken_port_is_said_at_once_and_nothing_is_started(start, tmp_path, live_server):
    platform = start(live_server.port, home=tmp_path)
    assert platform.process.wait(LIMIT_S) == 1
    platform.end()
    assert f"The port {live_server.port} is taken" in platform.said
    assert not list(tmp_path.iterdir())


def test_a_given_server_is_used_and_no_other_touched(start, tmp_path, database):
    fill(database)
    platform = start(home=tmp_path, DATABASE_URL=database.owner)
    platform.wait_for("yitong-demo")
    assert platform.answers()
    assert platform.end() == 0
    assert not (tmp_path / "postgres").exists()
