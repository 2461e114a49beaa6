"""The page behind a code through a real server, against the bare look-up it cannot do without."""

import tempfile
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from gis.authority import Actor, Role
from gis.store.base import new_id
from gis.store.cluster import Cluster
from gis.store.engine import make_engine, make_sessions, unit_of_work
from gis.store.scope import NO_ONE, SYSTEM
from qr_codes.assets import keys, registering, service
from qr_codes.assets.rules import AssetEntry
from rescue_app import schema
from tests.benchmarks.harness import Contest, benchmark
from tests.benchmarks.lab import Lab
from tests.patrols import NOW, load_reference
from tests.processes import Server
from tests.world import IN_GAOSUNTANG, build_world

SCANS, ASSETS = 200, 500
BY = Actor(NO_ONE, "bench", Role.SYSTEM, "/")
LOOK_UP = """
    SELECT * FROM risk_code JOIN asset ON asset.id = risk_code.asset_id
    JOIN asset_type ON asset_type.code = asset.type_code WHERE risk_code.code = %s
"""


def furnish(url: str) -> str:
    """Fill a database with labelled bridges; give one of their codes."""
    engine = make_engine(url)
    sessions = make_sessions(engine)
    load_reference(sessions)
    with unit_of_work(sessions, SYSTEM) as session:
        build_world(session)
        keys.ensure(session, secret=b"k" * 32, now=NOW)
        session.flush()
        ring = keys.read(session)
        for number in range(ASSETS):
            entry = AssetEntry("bridge", f"{number}号桥", IN_GAOSUNTANG)
            asset, _ = registering.register(session, asset_id=new_id(), entry=entry, by=BY, now=NOW)
            label = service.issue(session, asset_id=asset.id, ring=ring, by=BY, now=NOW)
    engine.dispose()
    return label.code


@benchmark("scan/page", unit="rows/s", rows=SCANS)
def scan(_: Lab) -> Contest:
    """A resident's scans per second, one phone after the other: MAC, look-up, page."""
    stack = ExitStack()
    home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="yitong-bench-")))
    cluster = Cluster(home / "cluster")
    cluster.ensure_running()
    stack.callback(cluster.stop)
    urls = cluster.create_database("codes")
    schema.upgrade(urls.owner)
    code = furnish(urls.app)
    server = Server(urls, home=home)
    server.start()
    stack.callback(server.stop)
    plain = make_url(urls.owner).set(drivername="postgresql")
    base = stack.enter_context(psycopg.connect(plain.render_as_string(hide_password=False)))
    phone = HTTPConnection(server.url.removeprefix("http://"))

    def ask() -> None:
        for _n in range(SCANS):
            phone.request("GET", f"/c/{code}", headers={"accept": "text/html"})
            answer = phone.getresponse()
            answer.read()
            assert answer.status == 200

    def look_up() -> None:
        for _n in range(SCANS):
            base.execute(LOOK_UP, [code]).fetchone()

    return Contest(ours=ask, floor=look_up, rounds=5, warm_up=1, around=stack)
