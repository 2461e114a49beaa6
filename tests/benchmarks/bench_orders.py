"""How long an order to a thousand crews takes, from the commander's request to all its hops."""

import http.client
import json
import time
from contextlib import closing
from typing import Any
from uuid import UUID

import psycopg

from gis.store.base import new_id
from tests.benchmarks.bench_answers import KEPT, plain
from tests.benchmarks.harness import Contest, Spent, benchmark
from tests.benchmarks.lab import Lab
from tests.benchmarks.stage import Stage

CREWS = 1000
BARE = "CREATE TABLE bare_hop (id uuid PRIMARY KEY, crew uuid, state text, at timestamptz)"
INSERT = """
    INSERT INTO bare_hop SELECT gen_random_uuid(), crew, 'queued', now() FROM unnest(%s) AS crew
"""


class Copied:
    """The rows of one order, written again by whom nobody asks: the same columns and indexes, by
    one statement a table; no keys to other tables, no policies, no rules, nobody to be looked up.
    """

    def __init__(self, stage: Stage, owner: psycopg.Connection[tuple[object, ...]]) -> None:
        self._owner = owner
        stage.order()
        for table in KEPT:
            owner.execute(f"CREATE TABLE same_{table} AS SELECT * FROM {table}")
            owner.execute(f"CREATE TABLE bare_{table} (LIKE {table} INCLUDING INDEXES)")

    def write(self) -> None:
        """Write them, durably."""
        with self._owner.transaction():
            for table in KEPT:
                self._owner.execute(f"INSERT INTO bare_{table} SELECT * FROM same_{table}")

    def forget(self) -> None:
        """Make room for the same rows once more."""
        for table in KEPT:
            self._owner.execute(f"TRUNCATE bare_{table}")


def sent(stage: Stage, token: str, order: UUID) -> http.client.HTTPConnection:
    """Send an order to all crews of a stage as the city's commander; its answer is to be read."""
    headers = {"cookie": f"yitong_session={token}"}
    headers |= {"content-type": "application/json", "sec-fetch-site": "same-origin"}
    body = {"id": str(order), "what": "撤离", "where": "沿江路", "urgency": "flash"}
    body |= {"targets": [f"crew:{crew}" for crew in stage.crews]}
    line = http.client.HTTPConnection("127.0.0.1", stage.server.port)
    line.request("POST", "/api/v1/orders", json.dumps(body), headers)
    return line


def said(line: http.client.HTTPConnection) -> dict[str, Any]:
    """Read the answer: the order as it stands."""
    told = line.getresponse()
    answer = told.read()
    if told.status != 201:
        raise RuntimeError(answer.decode())
    order: dict[str, Any] = json.loads(answer)
    return order


@benchmark("order/issue", unit="rows/s", rows=CREWS)
def issue(_: Lab) -> Contest:
    """One order to a thousand crews over HTTP: a hop, its log, a call with its ladder for each.

    The floor is a thousand bare rows by one statement, and its commit; the peer writes all the
    same rows, some eight for a crew, and knows who is to be called already.
    """
    stage = Stage(crews=CREWS)
    token = stage.token("city")
    owner = psycopg.connect(plain(stage.urls.owner), autocommit=True)
    owner.execute(BARE)
    copied = Copied(stage, owner)

    def same() -> Spent:
        begun = time.perf_counter()
        copied.write()
        seconds = time.perf_counter() - begun
        copied.forget()
        return Spent(seconds)

    def ours() -> None:
        with closing(sent(stage, token, new_id())) as line:
            said(line)

    def bare() -> None:
        with psycopg.connect(plain(stage.urls.owner), autocommit=True) as connection:
            connection.execute(INSERT, (stage.crews,))

    return Contest(ours=ours, floor=bare, peer=same, rounds=5, warm_up=1, around=stage)
