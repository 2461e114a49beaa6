"""The coverage board of 100,000 assets through a real server, beside its bare SQL."""

import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from gis.authority import Role
from gis.store.cluster import Cluster
from gis.store.engine import make_engine, make_sessions, unit_of_work
from gis.store.scope import SYSTEM
from rescue_app import schema
from rescue_app.auth import service as auth
from rescue_app.auth.models import Account
from rescue_app.http.dependencies import COOKIE
from tests.benchmarks.harness import Contest, benchmark
from tests.benchmarks.lab import Lab
from tests.patrols import load_reference
from tests.processes import Server
from tests.world import CITY, build_world

ASSETS = 100_000
FILL = f"""
    INSERT INTO asset (id, type_code, name, place, area_path, street, owner_unit, owner_phone,
        rank, synthetic)
    SELECT gen_random_uuid(), (ARRAY['bridge', 'drain_inlet', 'gate', 'slope'])[1 + n % 4],
        'asset ' || n, ST_SetSRID(ST_MakePoint(108.3 + n % 200 * 0.001, 30.8), 4326),
        '/500000/500101/50010100' || 1 + n % 2 || '/', '', '', '', '', true
    FROM generate_series(1, {ASSETS}) AS n;
    INSERT INTO risk_code (id, asset_id, issue, code, key_id, state, hangs_at, reason, area_path,
        printed_at, mounted_at)
    SELECT gen_random_uuid(), id, 1, 'C' || number, 0, 'mounted', '', '', area_path, now(), now()
    FROM asset WHERE number % 10 < 8;
    INSERT INTO inspection (id, asset_id, area_path, template_code, template_version, actor_name,
        outcome, note, actor_id, answers, done_at, received_at, clock_off_s, far, fingerprint)
    SELECT gen_random_uuid(), id, area_path, 'bridge_patrol', 1, '', 'all_normal', '', id, '[]',
        now() - number % 60 * interval '1 day', now(), 0, false, ''
    FROM asset WHERE number % 2 = 0;
    ANALYZE;
"""
BARE = """
    SELECT asset.area_path, type_code, count(*), count(label.asset_id), count(label.mounted_at),
        count(*) FILTER (WHERE seen.at >= now() - interval '31 days')
    FROM asset LEFT JOIN risk_code AS label ON label.asset_id = asset.id
        AND label.state IN ('printed', 'mounted', 'damaged')
    LEFT JOIN (SELECT asset_id, max(done_at) AS at FROM inspection
               WHERE done_at >= now() - interval '31 days' GROUP BY asset_id) AS seen
        ON seen.asset_id = asset.id
    WHERE retired_at IS NULL GROUP BY asset.area_path, type_code
"""


def furnish(app_url: str, owner_url: str) -> str:
    """Fill a database; give the token of somebody who sees all of it."""
    sessions = make_sessions(make_engine(app_url))
    load_reference(sessions)
    with unit_of_work(sessions, SYSTEM) as session:
        build_world(session)
        account = Account(
            login="bench", name="bench", role=Role.CITY_COMMANDER, area_path=CITY, password_hash="-"
        )
        session.add(account)
        session.flush()
        life, now = timedelta(days=1), datetime.now(UTC)
        token = auth.begin(session, account, agent="bench", now=now, life=life)
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute(FILL)
    return token


@benchmark("coverage/board", unit="ms", rows=ASSETS)
def coverage(_: Lab) -> Contest:
    """The city's board of 100,000 assets over HTTP, as its commander sees it."""
    stack = ExitStack()
    home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="yitong-bench-")))
    cluster = Cluster(home / "cluster")
    cluster.ensure_running()
    stack.callback(cluster.stop)
    urls = cluster.create_database("coverage")
    schema.upgrade(urls.owner)
    plain = make_url(urls.owner).set(drivername="postgresql")
    owner_url = plain.render_as_string(hide_password=False)
    token = furnish(urls.app, owner_url)
    server = Server(urls, home=home)
    server.start()
    stack.callback(server.stop)
    base = stack.enter_context(psycopg.connect(owner_url))
    desk = HTTPConnection(server.url.removeprefix("http://"))

    def ask() -> None:
        desk.request("GET", "/api/v1/coverage", headers={"cookie": f"{COOKIE}={token}"})
        answer = desk.getresponse()
        told = answer.read()
        assert answer.status == 200
        assert f'"assets":{ASSETS}'.encode() in told

    def bare() -> None:
        base.execute(BARE).fetchall()

    return Contest(ours=ask, floor=bare, rounds=7, around=stack)
