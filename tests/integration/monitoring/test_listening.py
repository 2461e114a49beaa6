"""Readings by MQTT from a real Mosquitto, and by files in a folder, while things are killed."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.monitoring import carrying, dropping, topics
from hazards.monitoring.topics import Message
from tests.hearing import Hearing
from tests.monitoring import LIST, bring, way_in

NOW = datetime.now(UTC).replace(microsecond=0)
COUNT = text("SELECT count(*), count(DISTINCT (stream, observed_at)) FROM reading")
NUMBER = text("""
SELECT s.number FROM datastream s JOIN monitoring_point p ON p.id = s.point_id
WHERE p.code = 'YB-1' AND s.property = 'rain'
""")


@pytest.fixture
def city(cast):
    return cast.actor("city")


@pytest.fixture
def stations(sessions, city, tmp_path):
    bring(sessions, tmp_path, city, *LIST)


@pytest.fixture
def listener(database, tmp_path, broker, mapping, sessions, city, stations):
    way_in(sessions, city)
    made = Hearing(database, tmp_path, mqtt_url=broker.url, mqtt_mapping=mapping)
    yield made
    made.kill()


def rows(first, count):
    """So many readings, each a message of its own."""
    for n in range(first, first + count):
        at = (NOW - timedelta(seconds=n)).isoformat()
        told = {"readings": [{"stream": "YB-1/rain", "at": at, "value": n % 50}]}
        yield "hydro/json", json.dumps(told).encode()


def counted(sessions):
    with unit_of_work(sessions, SYSTEM) as session:
        return tuple(session.execute(COUNT).one())


def test_nothing_is_lost_and_nothing_twice_while_the_listener_and_the_broker_are_killed(
    listener, broker, sessions
):
    listener.start()
    listener.wait_for("mqtt.listening")
    broker.say(list(rows(0, 60)))
    listener.wait_for("mqtt.kept")
    listener.kill()  # in the midst of it: what it had not confirmed comes again
    broker.say(list(rows(60, 40)))
    listener.start()
    listener.wait_for("mqtt.listening")
    broker.say([*rows(100, 1), *rows(0, 5)])
    while counted(sessions) != (101, 101):
        listener.wait_for("mqtt.kept")
    broker.kill()
    listener.wait_for("mqtt.away")
    broker.start()
    listener.wait_for("mqtt.listening")
    broker.say(list(rows(101, 20)))
    while counted(sessions) != (121, 121):
        listener.wait_for("mqtt.kept")


def test_a_bare_number_stands_once_though_the_listener_died_before_it_could_confirm_it(
    listener, broker, sessions
):
    number = [("hydro/YB-1/rain/now", b"1.5")]
    listener.start(dies_before_confirming=True)
    listener.wait_for("mqtt.listening")
    broker.say(number)
    listener.wait_for_its_end()
    assert counted(sessions) == (1, 1)
    listener.start()
    assert listener.wait_for("mqtt.kept")["kept"] == 0
    broker.say(number + number)  # the gauge says the same twice more
    kept = 0
    while kept < 2:
        kept += listener.wait_for("mqtt.kept")["kept"]
    assert counted(sessions) == (3, 3)


def test_each_topic_is_read_as_its_mapping_says_and_odd_messages_hold_up_nobody(
    sessions, city, stations, mapping
):
    way_in(sessions, city)
    how = topics.load(mapping)
    senml = [{"bn": "YB-1/", "bt": NOW.timestamp(), "n": "water_level", "v": 3, "u": "m"}]
    with unit_of_work(sessions, SYSTEM) as session:
        number = session.scalars(NUMBER).one()
    said = [
        ("hydro/senml", json.dumps(senml)),
        ("hydro/YB-1/rain/now", "1.5"),
        ("hydro/YB-2/rain/now", "-9999"),
        ("hydro/json", "{broken"),
        ("hydro/YB-9/rain/now", "1"),
        (f"v1.1/Datastreams({number})/Observations", json.dumps({"result": 2})),
        (f"v1.1/Datastreams({number + 99})/Observations", json.dumps({"result": 2})),
        ("elsewhere", "1"),
    ]
    messages = [Message(topic, words.encode(), NOW) for topic, words in said]
    kept = carrying.keep(sessions, messages, how, now=NOW)
    assert len(kept.done) == len(messages)
    assert (kept.taken.kept, len(kept.taken.refused)) == (4, 3)
    with unit_of_work(sessions, SYSTEM) as session:
        values = session.scalars(text("SELECT value FROM reading WHERE value IS NOT NULL"))
        assert sorted(values) == [2, 3, 15]


def test_messages_that_run_ahead_of_their_feeds_pace_wait_and_are_not_lost(
    sessions, city, stations, mapping
):
    way_in(sessions, city, per_minute=3)
    how = topics.load(mapping)
    messages = [Message(topic, payload, NOW) for topic, payload in rows(0, 5)]
    first = carrying.keep(sessions, messages, how, now=NOW)
    assert len(first.done) == 3
    left = [one for one in messages if one not in first.done]
    assert carrying.keep(sessions, left, how, now=NOW).done == []
    later = carrying.keep(sessions, left, how, now=NOW + timedelta(minutes=1))
    assert later.done == left
    assert counted(sessions) == (5, 5)


def test_files_are_taken_when_they_are_whole_and_put_away_with_what_was_refused(
    sessions, stations, tmp_path
):
    drop = tmp_path / "readings" / "hydro"
    drop.mkdir(parents=True)
    (drop / "mapping.yaml").write_text(
        "source: hydro\nstation: station\ntime: {columns: [at], format: '%Y-%m-%d %H:%M',"
        " zone: Asia/Shanghai}\nstreams: {rain: {column: mm, unit: mm}}\n"
    )
    whole = drop / "july.csv"
    whole.write_text("station,at,mm\nYB-1,2026-07-01 08:00,1\nYB-9,2026-07-01 08:00,1\n")
    (drop / "broken.csv").write_text("what,is,this\n1,2,3\n")
    (drop / "coming.csv.part").write_text("station,at,mm\n")
    seen = dropping.look(sessions, drop.parent, {}, now=NOW)
    assert counted(sessions) == (0, 0)
    with whole.open("a") as more:
        more.write("YB-1,2026-07-01 09:00,2\n")
    seen = dropping.look(sessions, drop.parent, seen, now=NOW)
    assert counted(sessions) == (0, 0)  # it had grown since
    dropping.look(sessions, drop.parent, seen, now=NOW)
    assert counted(sessions) == (2, 2)
    assert "YB-9" in (drop / "done" / "july.csv.reason.txt").read_text()
    assert "no column at" in (drop / "refused" / "broken.csv.reason.txt").read_text()
    assert {path.name for path in drop.iterdir() if path.is_file()} == {
        "mapping.yaml", "coming.csv.part",
    }  # fmt: skip
    (drop / "done" / "july.csv").rename(whole)  # as if it had been killed before it was moved
    seen = dropping.look(sessions, drop.parent, {}, now=NOW)
    dropping.look(sessions, drop.parent, seen, now=NOW)
    assert counted(sessions) == (2, 2)
