"""The page behind a code through a real server, against the bare look-up behind a bare route."""

import tempfile
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path

from sqlalchemy import make_url

from gis.authority import Actor, Role
from gis.store.base import new_id
from gis.store.cluster import Cluster
from gis.store.engine import make_engine, make_sessions, unit_of_work
from gis.store.scope import NO_ONE, SYSTEM
from qr_codes.assets import keys, registering, service
from qr_codes.assets.rules import AssetEntry
from rescue_app import schema
from tests.benchmarks.bare_scan import BareServer
from tests.benchmarks.harness import Contest, Run, benchmark
from tests.benchmarks.lab import Lab
from tests.patrols import NOW, load_reference
from tests.processes import Server
from tests.world import IN_GAOSUNTANG, build_world

SCANS, ASSETS = 200, 500
BY = Actor(NO_ONE, "bench", Role.SYSTEM, "/")


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
    """A resident's scans per second, one phone after the other: MAC, look-up, page.

    The floor is a route without a framework that does the one indexed SELECT, over HTTP as well.
    """
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
    bare = stack.enter_context(BareServer(plain.render_as_string(hide_password=False)))

    def scans(address: str) -> Run:
        def ask() -> None:
            phone = HTTPConnection(address)  # an old one is closed while the others run
            for _n in range(SCANS):
                phone.request("GET", f"/c/{code}", headers={"accept": "text/html"})
                answer = phone.getresponse()
                assert answer.read()
                assert answer.status == 200
            phone.close()

        return ask

    ours, floor = scans(f"127.0.0.1:{server.port}"), scans(f"127.0.0.1:{bare.port}")
    return Contest(ours=ours, floor=floor, rounds=5, warm_up=1, around=stack)
