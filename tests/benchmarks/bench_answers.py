"""How many answers a second are durable when a thousand crews answer at once."""

import http.client
import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from uuid import UUID

import psycopg

from gis.store.base import new_id
from tests.benchmarks.harness import Contest, benchmark
from tests.benchmarks.lab import Lab
from tests.benchmarks.stage import Stage

CREWS = 1000
CALLERS = 16
BARE = "CREATE TABLE bare (id uuid PRIMARY KEY, hop uuid, kind text, at timestamptz DEFAULT now())"
INSERT = "INSERT INTO bare (id, hop, kind) VALUES (%s, %s, 'accepted')"


def shared_out(hops: Sequence[UUID], work: Callable[[Sequence[UUID]], None]) -> None:
    """Let some callers work at once, each on its part."""
    with ThreadPoolExecutor(CALLERS) as callers:
        for done in [callers.submit(work, hops[n::CALLERS]) for n in range(CALLERS)]:
            done.result()


@benchmark("answers/burst", unit="rows/s", rows=CREWS)
def answers(_: Lab) -> Contest:
    """Answers from 16 lines at once, each durable before it is acknowledged, beside bare rows."""
    stage = Stage(crews=CREWS)
    hops = stage.order()
    token = stage.token("crew")
    headers = {"cookie": f"yitong_session={token}", "content-type": "application/json"}
    headers["sec-fetch-site"] = "same-origin"
    with psycopg.connect(plain(stage.urls.owner), autocommit=True) as connection:
        connection.execute(BARE)

    def answer(part: Sequence[UUID]) -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", stage.server.port)) as line:
            for hop in part:
                body = json.dumps({"id": str(new_id()), "kind": "accepted"})
                line.request("POST", f"/api/v1/hops/{hop}/steps", body, headers)
                told = line.getresponse()
                if told.status != 201:
                    raise RuntimeError(told.read().decode())
                told.read()

    def bare(part: Sequence[UUID]) -> None:
        with psycopg.connect(plain(stage.urls.owner), autocommit=True) as connection:
            for hop in part:
                connection.execute(INSERT, (new_id(), hop))

    return Contest(
        ours=lambda: shared_out(hops, answer),
        floor=lambda: shared_out(hops, bare),
        rounds=int(os.environ.get("BENCH_ROUNDS", "5")),
        warm_up=1,
        around=stage,
    )


def plain(url: str) -> str:
    """Give a URL as the driver itself knows it."""
    return url.replace("+psycopg", "")
