"""The database is killed (-9) while Mosquitto delivers: nothing is lost and nothing is twice."""

import os
import signal
from contextlib import suppress

import pytest

from gis.authority import Actor, Role
from gis.store import postmaster
from gis.store.cluster import Cluster
from gis.store.engine import make_engine, make_sessions, unit_of_work
from gis.store.scope import NO_ONE, SYSTEM
from rescue_app import schema
from tests.hearing import Hearing
from tests.integration.monitoring.test_listening import counted, rows
from tests.monitoring import LIST, bring, way_in
from tests.world import CITY, build_world

BY = Actor(NO_ONE, "水文局", Role.SYSTEM, CITY)


@pytest.fixture
def own_cluster(tmp_path):
    """Give a server of this test's own: the others' must not be killed."""
    made = Cluster(tmp_path / "pg", fast=True)
    made.ensure_running()
    yield made
    made.stop()


@pytest.fixture
def own_database(own_cluster, tmp_path):
    urls = own_cluster.create_database("outage")
    schema.upgrade(urls.owner)
    engine = make_engine(urls.app)
    sessions = make_sessions(engine)
    with unit_of_work(sessions, SYSTEM) as session:
        build_world(session)
    bring(sessions, tmp_path, BY, *LIST)
    way_in(sessions, BY, per_minute=100_000)
    engine.dispose()
    return urls


def kill(cluster):
    for pid in postmaster.inhabitants(cluster.data):
        with suppress(ProcessLookupError):  # its postmaster's end may have ended it first
            os.kill(pid, signal.SIGKILL)


def test_each_reading_is_there_once_though_the_database_was_killed_while_they_came(
    own_cluster, own_database, broker, mapping, tmp_path
):
    engine = make_engine(own_database.app)
    hearing = Hearing(own_database, tmp_path, mqtt_url=broker.url, mqtt_mapping=mapping)
    try:
        hearing.start()
        hearing.wait_for("mqtt.listening")
        broker.say(list(rows(0, 1_500)))
        hearing.wait_for("mqtt.kept")
        kill(own_cluster)  # more of them are on their way
        broker.say(list(rows(1_500, 100)))
        hearing.wait_for("mqtt.waiting")
        own_cluster.ensure_running()
        while counted(make_sessions(engine)) != (1_600, 1_600):
            hearing.wait_for("mqtt.kept")
    finally:
        hearing.kill()
        engine.dispose()
