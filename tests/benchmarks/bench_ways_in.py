"""Readings by each way in: how many a second, beside COPY of the same into a bare table."""

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from datetime import UTC, datetime, timedelta
from itertools import count

import psycopg
from sqlalchemy import text

from gis.authority import Role
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.monitoring import dropping, feeds
from hazards.monitoring.feeds import MOST_PER_MINUTE, FeedDraft
from hazards.monitoring.topics import BrokerMapping
from rescue_app.settings import PROJECT
from tests.benchmarks.bench_answers import plain
from tests.benchmarks.bench_readings import BY, Batch, copy, furnished
from tests.benchmarks.harness import Contest, benchmark
from tests.benchmarks.lab import Lab
from tests.benchmarks.stage import Stage
from tests.brokers import Mosquitto

STREAMS, BATCHES, BATCH = 2_000, 10, 1_000
MANY = 50_000
SECONDS = count()
PATH = "/api/v1/readings"
CITY_EYES = Scope("/500000/", Role.OBSERVER)
THERE = "SELECT 1 FROM reading WHERE stream = %s AND observed_at = %s"
LATEST = "SELECT number, last_at, last_value FROM datastream ORDER BY number"
DROP = """
source: bench
station: station
time: {columns: [at], format: '%Y-%m-%dT%H:%M:%S%z', zone: UTC}
streams: {rain: {column: mm, unit: mm}}
"""


def batches(size: int = BATCH, number: int = BATCHES) -> Iterator[Batch]:
    """Give batches of readings that nobody sent before."""
    for n in range(number):
        begun = datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)
        at = begun + timedelta(seconds=next(SECONDS))
        yield [(1 + (n * size + i) % STREAMS, at, i / 10) for i in range(size)]


def key_of(stage: Stage) -> str:
    """Make a way in and give its key."""
    with unit_of_work(stage.sessions, SYSTEM) as session:
        draft = FeedDraft("bench", "bench", MOST_PER_MINUTE)
        feeds.keep(session, draft, by=BY)
        return feeds.new_key(session, draft.id, by=BY)


def contest(stage: Stage, write: Callable[[Batch], str], *, kind: str, path: str = PATH) -> Contest:
    """Set a way in over HTTP beside COPY of the same into a bare table."""
    owner = psycopg.connect(plain(stage.urls.owner), autocommit=True)
    headers = {"authorization": f"Bearer {key_of(stage)}", "content-type": kind}

    def send() -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", stage.server.port)) as line:
            for batch in batches():
                line.request("POST", path, write(batch), headers)
                answer = line.getresponse().read().decode()
                if f'"kept":{BATCH}' not in answer and answer.count("Observations(") != BATCH:
                    raise RuntimeError(answer[:300])

    return Contest(ours=send, floor=lambda: copy(owner, batches()), rounds=5, warm_up=1,
                   around=stage)  # fmt: skip


def as_json(batch: Batch) -> str:
    """Write a batch in our own form."""
    rows = [{"stream": f"{n}/rain", "at": at.isoformat(), "value": v} for n, at, v in batch]
    return json.dumps({"readings": rows})


@benchmark("telemetry/json", unit="rows/s", rows=BATCHES * BATCH)
def by_json(_: Lab) -> Contest:
    """Batches of a thousand in our own JSON."""
    return contest(furnished(STREAMS), as_json, kind="application/json")


@benchmark("telemetry/senml", unit="rows/s", rows=BATCHES * BATCH)
def by_senml(_: Lab) -> Contest:
    """Batches of a thousand in SenML (RFC 8428)."""

    def write(batch: Batch) -> str:
        return json.dumps([{"n": f"{n}/rain", "t": at.timestamp(), "v": v} for n, at, v in batch])

    return contest(furnished(STREAMS), write, kind="application/senml+json")


@benchmark("telemetry/csv", unit="rows/s", rows=BATCHES * BATCH)
def by_csv(_: Lab) -> Contest:
    """Batches of a thousand in CSV."""

    def write(batch: Batch) -> str:
        return "stream,at,value\n" + "".join(
            f"{n}/rain,{at.isoformat()},{v}\n" for n, at, v in batch
        )

    return contest(furnished(STREAMS), write, kind="text/csv")


@benchmark("telemetry/sta", unit="rows/s", rows=BATCHES * BATCH)
def by_data_array(_: Lab) -> Contest:
    """Batches of a thousand by SensorThings' data arrays, each reading with its address back."""

    def write(batch: Batch) -> str:
        parts = ["phenomenonTime", "result"]
        return json.dumps([
            {"Datastream": {"@iot.id": n}, "components": parts, "dataArray": [[at.isoformat(), v]]}
            for n, at, v in batch
        ])  # fmt: skip

    path = "/sta/v1.1/CreateObservations"
    return contest(furnished(STREAMS), write, kind="application/json", path=path)


@benchmark("telemetry/file", unit="rows/s", rows=BATCHES * BATCH)
def by_file(_: Lab) -> Contest:
    """A file of ten thousand lines laid in a folder, until it is put away."""
    stage = furnished(STREAMS)
    owner = psycopg.connect(plain(stage.urls.owner), autocommit=True)
    folder = stage.home / "readings" / "bench"
    folder.mkdir(parents=True)
    (folder / "mapping.yaml").write_text(DROP)

    def lay() -> None:
        rows = "".join(f"{n},{at.isoformat()},{v}\n" for one in batches() for n, at, v in one)
        (folder / "rows.csv").write_text("station,at,mm\n" + rows)
        seen = dropping.look(stage.sessions, folder.parent, {}, now=datetime.now(UTC))
        dropping.look(stage.sessions, folder.parent, seen, now=datetime.now(UTC))
        if (folder / "rows.csv").exists() or (folder / "refused").exists():
            raise RuntimeError("the file was not taken")

    return Contest(ours=lay, floor=lambda: copy(owner, batches()), rounds=5, warm_up=1,
                   around=stage)  # fmt: skip


@benchmark("telemetry/mqtt", unit="rows/s", rows=BATCHES * BATCH)
def by_mqtt(_: Lab) -> Contest:
    """Messages of a hundred readings through Mosquitto (QoS 1), taken and kept as the process
    that listens does; the floor copies the same into a bare table.
    """
    stage = furnished(STREAMS)
    owner = psycopg.connect(plain(stage.urls.owner), autocommit=True)
    key_of(stage)
    mapping = {"topics": [{"topic": "bench/+", "feed": "bench", "kind": "json"}]}
    around = Heard(stage, BrokerMapping.model_validate(mapping))

    def say() -> None:
        batch = list(batches(100, BATCHES * BATCH // 100))
        around.broker.say([("bench/json", as_json(one).encode()) for one in batch])
        last = batch[-1][-1]
        until = time.monotonic() + 120
        while owner.execute(THERE, (last[0], last[1])).fetchone() is None:
            if time.monotonic() > until:
                raise RuntimeError("the readings did not come")

    return Contest(ours=say, floor=lambda: copy(owner, batches()), rounds=5, warm_up=1,
                   around=around)  # fmt: skip


class Heard(AbstractContextManager["Heard"]):
    """A broker and the process that listens to it."""

    def __init__(self, stage: Stage, how: BrokerMapping) -> None:
        self.stage = stage
        self.broker = Mosquitto(stage.home / "broker")
        self.broker.start()
        path = stage.home / "topics.yaml"
        path.write_text(how.model_dump_json())  # JSON is YAML
        environment = os.environ | {
            "DATABASE_URL": stage.urls.owner, "YITONG_APP_DATABASE_URL": stage.urls.app,
            "YITONG_HOME": str(stage.home), "YITONG_MQTT_URL": self.broker.url,
            "YITONG_MQTT_MAPPING": str(path),
        }  # fmt: skip
        command = [sys.executable, "-m", "rescue_app.cli", "listen"]
        self._process = subprocess.Popen(
            command, cwd=PROJECT, env=environment, stderr=subprocess.PIPE, text=True
        )
        assert self._process.stderr is not None
        next(line for line in self._process.stderr if "mqtt.listening" in line)
        threading.Thread(target=self._process.stderr.read, daemon=True).start()

    def __exit__(self, *problem: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=30)
        self.broker.kill()
        self.stage.__exit__(None, None, None)


@benchmark("latest/50000", unit="ms", rows=MANY)
def latest(_: Lab) -> Contest:
    """The latest value of 50,000 streams by one bounded question, through row-level security; the
    floor asks the same as the tables' owner.
    """
    stage = furnished(MANY)
    owner = psycopg.connect(plain(stage.urls.owner), autocommit=True)
    owner.execute("UPDATE datastream SET last_at = now(), last_value = number")

    def ask() -> None:
        with unit_of_work(stage.sessions, CITY_EYES) as session:
            rows = session.execute(text(LATEST)).all()
            if len(rows) != MANY:
                raise RuntimeError(f"{len(rows)} streams")

    return Contest(ours=ask, floor=lambda: owner.execute(LATEST).fetchall(), rounds=7, warm_up=2,
                   around=stage)  # fmt: skip
