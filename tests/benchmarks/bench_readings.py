"""Readings from 50,000 streams: how many a second come in, and how long a tick is judged."""

import http.client
import json
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count

import psycopg

from gis.authority import Actor, Role
from gis.store.engine import unit_of_work
from gis.store.scope import NO_ONE, SYSTEM
from hazards import shipped
from hazards.judging.live import Judge
from hazards.monitoring import feeds
from hazards.monitoring.feeds import MOST_PER_MINUTE, FeedDraft
from rescue_app.settings import PROJECT
from tests.benchmarks.bench_answers import plain
from tests.benchmarks.harness import Contest, Spent, benchmark
from tests.benchmarks.lab import Lab
from tests.benchmarks.stage import Stage

STREAMS, MINUTES = 50_000, 5
BATCHES, BATCH = 50, 100
BY = Actor(NO_ONE, "bench", Role.SYSTEM, "/500000/")
STATIONS = """
    INSERT INTO monitoring_point (id, source, code, name, address, place, area_path, keeper,
        keeper_phone, facts, synthetic)
    SELECT gen_random_uuid(), 'bench', n::text, 'Station ' || n, '', ST_SetSRID(ST_MakePoint(
        108.3 + n %% 100 / 1000.0, 30.8), 4326), '/500000/500101/500101001/', '', '', '{}', true
    FROM generate_series(1, %s) AS n
"""
STREAMS_OF = """
    INSERT INTO datastream (id, point_id, area_path, property, channel, interval_s,
        silent_after_s)
    SELECT gen_random_uuid(), id, area_path, 'rain', '', 60, 900 FROM monitoring_point
"""
# A minute of all streams; every hundredth has a cloudburst over it.
MINUTE = """
    INSERT INTO reading (stream, observed_at, value, flags, received_at)
    SELECT number, %(at)s, CASE WHEN number %% 100 = 0 THEN 0.6 ELSE number %% 7 / 100.0 END, 0,
        %(at)s
    FROM datastream
"""
SUMS = "SELECT stream, sum(value) FROM reading WHERE observed_at > %s GROUP BY stream"
BARE = "CREATE TABLE bare_reading (stream bigint, at timestamptz, value float8)"
COPY = "COPY bare_reading (stream, at, value) FROM STDIN"
ONE = "INSERT INTO bare_reading (stream, at, value) VALUES (%s, %s, %s)"


def furnished(streams: int) -> Stage:
    """Give a city with so many rain gauges, and what ships."""
    stage = Stage(crews=1)
    with unit_of_work(stage.sessions, SYSTEM) as session:
        shipped.load(session, PROJECT / "data")
    with psycopg.connect(plain(stage.urls.owner), autocommit=True) as owner:
        owner.execute(STATIONS, (streams,))
        owner.execute(STREAMS_OF)
        owner.execute("ANALYZE")
        owner.execute(BARE)
    return stage


@benchmark("judge/streams", unit="rows/s", rows=STREAMS * MINUTES)
def judging(_: Lab) -> Contest:
    """A tick of five minutes: 250,000 readings of 50,000 streams read, added up and judged by all
    rules; the floor adds up the same readings by one bare statement.
    """
    stage = furnished(STREAMS)
    owner = psycopg.connect(plain(stage.urls.owner), autocommit=True)
    judge, at = Judge(), datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    owner.execute("SELECT reading_month(%s::date), reading_month((%s + interval '8 days')::date)",
                  (at, at))  # fmt: skip
    ticks = (at + n * timedelta(minutes=MINUTES) for n in count(1))
    now = [at]

    def tick() -> Spent:
        now[0] = next(ticks)
        for minute in range(MINUTES):
            owner.execute(MINUTE, {"at": now[0] - timedelta(minutes=minute)})
        begun = time.perf_counter()
        judge.look(stage.sessions, now=now[0])
        return Spent(time.perf_counter() - begun)

    def sums() -> None:
        owner.execute(SUMS, (now[0] - timedelta(minutes=MINUTES),)).fetchall()

    return Contest(ours=tick, floor=sums, rounds=5, warm_up=2, around=stage)


@benchmark("telemetry/http", unit="rows/s", rows=BATCHES * BATCH)
def over_http(_: Lab) -> Contest:
    """Batches of a hundred readings over HTTP, each checked, flagged and durable before it is
    acknowledged; the floor copies the same batches into a bare table, the peer inserts one by one.
    """
    stage = furnished(2_000)
    with unit_of_work(stage.sessions, SYSTEM) as session:
        draft = FeedDraft("bench", "bench", MOST_PER_MINUTE)
        feeds.keep(session, draft, by=BY)
        key = feeds.new_key(session, draft.id, by=BY)
    owner = psycopg.connect(plain(stage.urls.owner), autocommit=True)
    return Contest(
        ours=lambda: send(stage.server.port, key, batches()),
        floor=lambda: copy(owner, batches()),
        peer=lambda: one_by_one(owner, batches()),
        rounds=5,
        warm_up=1,
        around=stage,
    )


SECONDS = count()
Batch = list[tuple[int, datetime, float]]


def batches() -> Iterator[Batch]:
    """Give batches of readings that nobody sent before."""
    for n in range(BATCHES):
        at = datetime.now(UTC) - timedelta(days=2) + timedelta(seconds=next(SECONDS))
        yield [(1 + (n * BATCH + i) % 2_000, at, i / 10) for i in range(BATCH)]


def send(port: int, key: str, sent: Iterator[Batch]) -> None:
    """Send batches on one line, and see that each was kept whole."""
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    with closing(http.client.HTTPConnection("127.0.0.1", port)) as line:
        for batch in sent:
            told = [{"stream": f"{s}/rain", "at": at.isoformat(), "value": v} for s, at, v in batch]
            line.request("POST", "/api/v1/readings", json.dumps({"readings": told}), headers)
            answer = json.loads(line.getresponse().read())
            if answer.get("kept") != BATCH:
                raise RuntimeError(str(answer)[:300])


def copy(owner: psycopg.Connection, sent: Iterator[Batch]) -> None:
    """Copy batches into a bare table."""
    for batch in sent:
        with owner.cursor() as cursor, cursor.copy(COPY) as rows:
            for row in batch:
                rows.write_row(row)


def one_by_one(owner: psycopg.Connection, sent: Iterator[Batch]) -> None:
    """Insert and commit each reading by itself."""
    for batch in sent:
        for row in batch:
            owner.execute(ONE, row)
