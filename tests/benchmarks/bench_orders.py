"""How long an order to a thousand crews takes, from the commander's request to all its hops."""

import http.client
import json
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from typing import Any, LiteralString
from uuid import UUID

import psycopg

from gis.store.base import new_id
from rescue_app.dispatch import laying
from tests.benchmarks.bench_answers import CALLED, TOLD, plain
from tests.benchmarks.harness import Contest, Spent, benchmark
from tests.benchmarks.lab import Lab
from tests.benchmarks.stage import Stage

CREWS = 1000
ALL_CREWS = 5000
BARE = "CREATE TABLE bare_hop (id uuid PRIMARY KEY, crew uuid, state text, at timestamptz)"
INSERT = """
    INSERT INTO bare_hop SELECT gen_random_uuid(), crew, 'queued', now() FROM unnest(%s) AS crew
"""


class Copied:
    """Rows of one order, written again by whom nobody asks: the same columns and indexes, by
    one statement a table; no keys to other tables, no policies, no rules, nobody to be looked up.
    """

    def __init__(
        self,
        stage: Stage,
        owner: psycopg.Connection[tuple[object, ...]],
        tables: Sequence[LiteralString] = TOLD,
    ) -> None:
        self._owner, self._tables = owner, tables
        stage.order()
        for table in tables:
            owner.execute(f"CREATE TABLE same_{table} AS SELECT * FROM {table}")
            owner.execute(f"CREATE TABLE bare_{table} (LIKE {table} INCLUDING INDEXES)")

    def write(self) -> None:
        """Write them, durably."""
        with self._owner.transaction():
            for table in self._tables:
                self._owner.execute(f"INSERT INTO bare_{table} SELECT * FROM same_{table}")

    def forget(self) -> None:
        """Make room for the same rows once more."""
        for table in self._tables:
            self._owner.execute(f"TRUNCATE bare_{table}")


class Plain:
    """What one writes in an hour: a program that knows the crews by heart, reads an order, and
    copies a row for each of them into a table with the same columns and indexes, which keeps them
    as ours does. It checks nothing and nobody, and hears of the order by a call, not over HTTP.
    """

    def __init__(self, stage: Stage, owner: psycopg.Connection[tuple[object, ...]]) -> None:
        self._owner = owner
        (hop, *_) = stage.order()
        of = "FROM assignment WHERE order_id = (SELECT order_id FROM assignment WHERE id = %s)"
        rows = owner.execute(f"SELECT 'crew:' || crew_id, * {of}", (hop,))
        named = [column.name for column in rows.description or ()][1:]
        self._id, self._order = named.index("id"), named.index("order_id")
        self._crews = {target: list(facts) for target, *facts in rows}
        owner.execute("CREATE TABLE plain_assignment (LIKE assignment INCLUDING INDEXES)")

    def write(self, body: bytes) -> None:
        """Write an order's rows, durably."""
        said = json.loads(body)
        copying = "COPY plain_assignment FROM STDIN"
        with self._owner.transaction(), self._owner.cursor().copy(copying) as copy:
            for target in said["targets"]:
                row = self._crews[target].copy()
                row[self._id], row[self._order] = new_id(), said["id"]
                copy.write_row(row)


def written(stage: Stage, order: UUID) -> bytes:
    """Write down an order to all crews of a stage."""
    body = {"id": str(order), "what": "撤离", "where": "沿江路", "urgency": "flash"}
    return json.dumps(body | {"targets": [f"crew:{crew}" for crew in stage.crews]}).encode()


def sent(stage: Stage, token: str, body: bytes) -> http.client.HTTPConnection:
    """Send an order as the city's commander; its answer is to be read."""
    headers = {"cookie": f"yitong_session={token}"}
    headers |= {"content-type": "application/json", "sec-fetch-site": "same-origin"}
    line = http.client.HTTPConnection("127.0.0.1", stage.server.port)
    line.request("POST", "/api/v1/orders", body, headers)
    return line


def said(line: http.client.HTTPConnection) -> dict[str, Any]:
    """Read the answer: the order as it stands."""
    told = line.getresponse()
    answer = told.read()
    if told.status not in {200, 201}:
        raise RuntimeError(answer.decode())
    order: dict[str, Any] = json.loads(answer)
    return order


def asked(line: http.client.HTTPConnection, token: str, order: UUID) -> dict[str, Any]:
    """Ask for an order with all its hops."""
    line.request("GET", f"/api/v1/orders/{order}", headers={"cookie": f"yitong_session={token}"})
    return said(line)


def timed_copy(copied: Copied) -> Spent:
    """Write the rows again, and take the time of that alone."""
    begun = time.perf_counter()
    copied.write()
    seconds = time.perf_counter() - begun
    copied.forget()
    return Spent(seconds)


@benchmark("order/issue", unit="rows/s", rows=CREWS)
def issue(_: Lab) -> Contest:
    """One order to a thousand crews over HTTP: a hop for each; the peer writes the same rows.

    The floor is a thousand bare rows by one statement, and its commit. Whom the crews call is
    `order/called`.
    """
    stage = Stage(crews=CREWS)
    token = stage.token("city")
    owner = psycopg.connect(plain(stage.urls.owner), autocommit=True)
    owner.execute(BARE)
    copied = Copied(stage, owner)

    def ours() -> None:
        with closing(sent(stage, token, written(stage, new_id()))) as line:
            said(line)

    def bare() -> None:
        with psycopg.connect(plain(stage.urls.owner), autocommit=True) as connection:
            connection.execute(INSERT, (stage.crews,))

    return Contest(
        ours=ours, floor=bare, peer=lambda: timed_copy(copied), rounds=5, warm_up=1, around=stage
    )


@benchmark("order/called", unit="rows/s", rows=ALL_CREWS)
def called(_: Lab) -> Contest:
    """How fast the worker lays out whom an order to 5,000 crews calls, once it is told; the peer
    writes the same rows, six for a crew, knowing who is to be called already.
    """
    stage = Stage(crews=ALL_CREWS, processes=0)
    owner = psycopg.connect(plain(stage.urls.owner), autocommit=True)
    copied = Copied(stage, owner, CALLED)

    def ours() -> Spent:
        stage.order(calls=False)
        begun = time.perf_counter()
        hops = laying.lay_out(stage.sessions, now=datetime.now(UTC))
        if hops != ALL_CREWS:
            raise RuntimeError(f"{hops} hops")
        return Spent(time.perf_counter() - begun)

    peer = partial(timed_copy, copied)
    return Contest(ours=ours, peer=peer, rounds=5, warm_up=1, around=stage)
