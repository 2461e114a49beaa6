"""How long an order to a thousand crews takes, from the commander's request to all its hops."""

import http.client
import json
from contextlib import closing
from typing import Any
from uuid import UUID

import psycopg

from gis.store.base import new_id
from tests.benchmarks.bench_answers import plain
from tests.benchmarks.harness import Contest, benchmark
from tests.benchmarks.lab import Lab
from tests.benchmarks.stage import Stage

CREWS = 1000
BARE = "CREATE TABLE bare_hop (id uuid PRIMARY KEY, crew uuid, state text, at timestamptz)"
INSERT = """
    INSERT INTO bare_hop SELECT gen_random_uuid(), crew, 'queued', now() FROM unnest(%s) AS crew
"""


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

    The floor is a thousand bare rows by one statement, and its commit.
    """
    stage = Stage(crews=CREWS)
    token = stage.token("city")
    with psycopg.connect(plain(stage.urls.owner), autocommit=True) as connection:
        connection.execute(BARE)

    def ours() -> None:
        with closing(sent(stage, token, new_id())) as line:
            said(line)

    def bare() -> None:
        with psycopg.connect(plain(stage.urls.owner), autocommit=True) as connection:
            connection.execute(INSERT, (stage.crews,))

    return Contest(ours=ours, floor=bare, rounds=5, warm_up=1, around=stage)
