"""How long an order to a thousand crews takes, from the commander's request to all its hops."""

import http.client
import json
from contextlib import closing

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


@benchmark("order/issue", unit="rows/s", rows=CREWS)
def issue(_: Lab) -> Contest:
    """One order to a thousand crews over HTTP: a hop, its log, a call with its ladder for each.

    The floor is a thousand bare rows by one statement, and its commit.
    """
    stage = Stage(crews=CREWS)
    headers = {"cookie": f"yitong_session={stage.token('city')}"}
    headers |= {"content-type": "application/json", "sec-fetch-site": "same-origin"}
    targets = [f"crew:{crew}" for crew in stage.crews]
    with psycopg.connect(plain(stage.urls.owner), autocommit=True) as connection:
        connection.execute(BARE)

    def ours() -> None:
        body = {"id": str(new_id()), "what": "撤离", "where": "沿江路", "urgency": "flash"}
        line = http.client.HTTPConnection("127.0.0.1", stage.server.port)
        with closing(line):
            line.request("POST", "/api/v1/orders", json.dumps(body | {"targets": targets}), headers)
            told = line.getresponse()
            said = told.read()
        if told.status != 201:
            raise RuntimeError(said.decode())

    def bare() -> None:
        with psycopg.connect(plain(stage.urls.owner), autocommit=True) as connection:
            connection.execute(INSERT, (stage.crews,))

    return Contest(ours=ours, floor=bare, rounds=5, warm_up=1, around=stage)
