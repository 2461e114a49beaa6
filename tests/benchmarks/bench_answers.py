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


TOLD = ("assignment",)
"""The table that an order fills before it is told: a hop for each crew."""
CALLED = ("call", "call_ladder", "call_rung", "call_event")
"""Those that are filled right after: whom it calls, and who after him; some six rows a crew."""
KEPT = (*TOLD, "assignment_step", *CALLED)
LOOSE = """
    DO $$ DECLARE name text; BEGIN
        FOR name IN SELECT attname FROM pg_attribute WHERE attrelid = 'same_{table}'::regclass
            AND attnum > 0 AND attnotnull AND attname <> 'id'
        LOOP EXECUTE format('ALTER TABLE same_{table} ALTER %I DROP NOT NULL', name); END LOOP;
    END $$
"""
EIGHT = (
    (
        "INSERT INTO same_assignment_step (id, kind, area_path, by_name, note)"
        " VALUES (gen_random_uuid(), 'accepted', '/500000/500101/500101001/', '李队长', '')"
    ),
    "UPDATE same_assignment SET state = 'accepted', answered_at = now() WHERE id = %(hop)s",
    (
        "INSERT INTO same_call_event (id, kind, area_path, by_name, why)"
        " VALUES (gen_random_uuid(), 'yes', '/500000/500101/500101001/', '李队长', '')"
    ),
    (
        "UPDATE same_call_rung SET answer = 'yes', answered_at = now() WHERE id = ("
        "SELECT g.id FROM same_call c JOIN same_call_rung g ON g.call_id = c.id"
        " WHERE c.ref = %(hop)s AND g.position = 0)"
    ),
    (
        "UPDATE same_call_ladder SET state = 'answered', wakes_at = NULL WHERE call_id = ("
        "SELECT id FROM same_call WHERE ref = %(hop)s)"
    ),
    "UPDATE same_call SET over_at = now() WHERE ref = %(hop)s",
    (
        "INSERT INTO same_live_event (topic, kind, ref, area_paths)"
        " VALUES ('order', 'accepted', %(hop)s, '{/500000/500101/500101001/}')"
    ),
    "INSERT INTO same_audit (act, subject, facts) VALUES ('order.accepted', %(hop)s, '{}')",
)
MADE = """
    CREATE TABLE same_live_event (seq bigserial PRIMARY KEY, at timestamptz DEFAULT now(),
        topic text, kind text, ref uuid, area_paths text[]);
    CREATE TABLE same_audit (seq bigserial PRIMARY KEY, at timestamptz DEFAULT now(),
        act text, subject uuid, facts jsonb);
"""


class Same:
    """What an answer writes, by a program that checks nothing, asks for nobody and sends all of it
    at once: tables with the same columns and indexes, without keys, policies, log order or hashes.
    """

    def __init__(self, stage: Stage) -> None:
        self._url = plain(stage.urls.owner)
        with psycopg.connect(self._url, autocommit=True) as owner:
            owner.execute(MADE)
            for table in KEPT:
                owner.execute(f"CREATE TABLE same_{table} (LIKE {table} INCLUDING INDEXES)")
                owner.execute(f"INSERT INTO same_{table} SELECT * FROM {table}")
                owner.execute(LOOSE.format(table=table))

    def answer(self, part: Sequence[UUID]) -> None:
        """Answer for these hops, one transaction each."""
        with psycopg.connect(self._url, autocommit=True) as line:
            for hop in part:
                with line.pipeline(), line.transaction():
                    for statement in EIGHT:
                        line.execute(statement, {"hop": hop})


def shared_out(hops: Sequence[UUID], work: Callable[[Sequence[UUID]], None]) -> None:
    """Let some callers work at once, each on its part."""
    with ThreadPoolExecutor(CALLERS) as callers:
        for done in [callers.submit(work, hops[n::CALLERS]) for n in range(CALLERS)]:
            done.result()


@benchmark("answers/burst", unit="rows/s", rows=CREWS)
def answers(_: Lab) -> Contest:
    """Answers from 16 lines at once, each durable before it is acknowledged, beside bare rows;
    the peer writes, one transaction each, the eight rows that an answer leaves or changes.
    """
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

    same = Same(stage)
    return Contest(
        ours=lambda: shared_out(hops, answer),
        floor=lambda: shared_out(hops, bare),
        peer=lambda: shared_out(hops, same.answer),
        rounds=int(os.environ.get("BENCH_ROUNDS", "5")),
        warm_up=1,
        around=stage,
    )


def plain(url: str) -> str:
    """Give a URL as the driver itself knows it."""
    return url.replace("+psycopg", "")
