"""Minutes of a city of 50,000 streams through the real door, judged, asked for, and thinned.

`python -m tests.days --minutes 144` sends a tenth of a day (7.2 million readings), says what each
part took and how much disk it fills, and fails where a reading is missing. With `--days-ago 100` it
is of a month that may be thinned, and is: the database lets no younger one go.
"""

import http.client
import json
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated, LiteralString

import psycopg
import typer

from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.judging.live import Judge
from hazards.monitoring import thinning
from hazards.monitoring.rules import Keeping
from tests.benchmarks.bench_answers import plain
from tests.benchmarks.bench_readings import STREAMS, furnished
from tests.benchmarks.bench_ways_in import LATEST, key_of
from tests.benchmarks.stage import Stage

BATCH, TICK_MIN = 5_000, 5
CHART = "SELECT observed_at, value FROM reading WHERE stream = 7 ORDER BY observed_at"
COUNT = "SELECT count(*) FROM reading"
SIZE = """
    SELECT sum(pg_table_size(relid)), sum(pg_indexes_size(relid))
    FROM pg_partition_tree('reading') WHERE isleaf
"""
HOURS = """
    SELECT sum(pg_total_relation_size(relid)), (SELECT sum(believed + odd) FROM reading_hour)
    FROM pg_partition_tree('reading_hour') WHERE isleaf
"""


def minute(line: http.client.HTTPConnection, key: str, at: datetime, streams: int) -> None:
    """Send one reading of every stream, and see that each was kept."""
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    for first in range(1, streams + 1, BATCH):
        told = [
            {"stream": f"{n}/rain", "at": at.isoformat(), "value": (n + at.minute) % 7 / 100}
            for n in range(first, min(first + BATCH, streams + 1))
        ]
        line.request("POST", "/api/v1/readings", json.dumps({"readings": told}), headers)
        answer = json.loads(line.getresponse().read())
        if answer.get("kept") != len(told):
            raise RuntimeError(str(answer)[:300])


def rows_of(owner: psycopg.Connection, query: LiteralString) -> Sequence[object]:
    """Ask, and give all of the answer."""
    return owner.execute(query).fetchall()


def timed(work: Callable[[], object]) -> float:
    """Give how many seconds something takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def send(
    stage: Stage, begin: datetime, minutes: int, streams: int
) -> tuple[list[float], list[float]]:
    """Send minute by minute and judge each tick; give how long each took."""
    key, judge = key_of(stage), Judge()
    sent: list[float] = []
    judged: list[float] = []
    with closing(http.client.HTTPConnection("127.0.0.1", stage.server.port)) as line:
        for n in range(1, minutes + 1):
            at = begin + timedelta(minutes=n)
            sent.append(timed(partial(minute, line, key, at, streams)))
            if n % TICK_MIN == 0:
                line.close()  # the server ends a line that is idle while a tick takes its time
                judged.append(timed(lambda: judge.look(stage.sessions, now=datetime.now(UTC))))
                typer.echo(f"{n} minutes: sent {sent[-1]:.1f} s, judged {judged[-1]:.1f} s")
    return sent, judged


def main(
    minutes: Annotated[int, typer.Option(min=TICK_MIN)] = 144,
    streams: Annotated[int, typer.Option(min=7)] = STREAMS,
    days_ago: Annotated[int, typer.Option(min=0)] = 0,
) -> None:
    """Send so many minutes, and say what was seen."""
    with furnished(streams) as stage:
        now = datetime.now(UTC).replace(second=0, microsecond=0)
        begin = now - timedelta(days=days_ago, minutes=minutes)
        sent, judged = send(stage, begin, minutes, streams)
        owner = psycopg.connect(plain(stage.urls.owner), autocommit=True)
        tell(owner, sent, judged, rows=minutes * streams)
        with unit_of_work(stage.sessions, SYSTEM) as session:
            keeping = Keeping(raw_days=thinning.LEAST_RAW_DAYS)
            seconds = timed(lambda: thinning.thin(session, keeping, now=now))
        size, readings = owner.execute(HOURS).fetchone() or (0, 0)
        typer.echo(
            f"thinned in {seconds:.1f} s: {readings or 0:,} readings in"
            f" {(size or 0) / 2**20:,.0f} MB of hours"
        )
        if (readings or 0) not in {0, minutes * streams}:
            raise RuntimeError(f"{readings} readings in the hours")


def tell(owner: psycopg.Connection, sent: list[float], judged: list[float], *, rows: int) -> None:
    """Say how long the parts took, and how much disk the readings fill."""
    count = owner.execute(COUNT).fetchone()
    if count != (rows,):
        raise RuntimeError(f"{count} readings, not {rows}")
    table, indexes = owner.execute(SIZE).fetchone() or (0, 0)
    typer.echo(
        f"{rows:,} readings; a minute sent in {sum(sent) / len(sent):.1f} s (most {max(sent):.1f}),"
        f" a tick judged in {sum(judged) / len(judged):.1f} s (most {max(judged):.1f});"
        f" table {table / 2**20:,.0f} MB, indexes {indexes / 2**20:,.0f} MB"
    )
    for name, query in (("chart of a stream", CHART), ("latest of all", LATEST)):
        timed(partial(rows_of, owner, query))
        seconds = timed(partial(rows_of, owner, query))
        typer.echo(f"{name}: {1_000 * seconds:.1f} ms")


if __name__ == "__main__":
    typer.run(main)
