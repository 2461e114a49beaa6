"""The board of a warning over 1,031 towns, and the public page under ten thousand readers."""

import tempfile
from contextlib import ExitStack
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from uuid import UUID

from sqlalchemy import select, text

from gis.store.base import new_id
from gis.store.cluster import Cluster
from gis.store.engine import Sessions, make_engine, make_sessions, unit_of_work
from gis.store.scope import PROGRAM, SYSTEM
from hazards.alerts import board, service, spreading
from hazards.alerts.rules import AlertDraft, Source
from hazards.calls.models import Call
from rescue_app import schema
from tests.benchmarks.harness import Contest, benchmark
from tests.benchmarks.lab import Lab
from tests.cast import build_cast
from tests.processes import Server
from tests.tasking import load_lists
from tests.towns import TOWNS, build_towns
from tests.warning import now
from tests.world import CITY, build_world

COLOURS = ("yellow", "orange", "red")
READERS = 10_000
BARE = text("SELECT state, count(*) FROM call_ladder GROUP BY 1")


def warned(url: str) -> tuple[Sessions, UUID]:
    """Fill a database with towns that were warned three times, graver each time."""
    sessions = make_sessions(make_engine(url))
    with unit_of_work(sessions, SYSTEM) as session:
        build_world(session)
    build_cast(sessions)
    load_lists(sessions)
    start = now()
    with unit_of_work(sessions, SYSTEM) as session:
        build_towns(session, now=start)
    last = None
    for colour in COLOURS:
        ends = start + timedelta(hours=6)
        said = AlertDraft(
            new_id(),
            colour,
            "landslide",
            ends,
            (CITY,),
            follows=last,
            why="雨大了",
            source=Source.RULE,
        )
        with unit_of_work(sessions, SYSTEM) as session:
            service.propose(session, draft=said, by=PROGRAM, now=start, synthetic=True)

            service.issue(session, alert_id=said.id, by=PROGRAM, now=start)
        while spreading.go_on(sessions, now=start):
            pass
        last = said.id
    with unit_of_work(sessions, SYSTEM) as session:
        calls = session.scalars(select(Call.id).where(Call.topic == "alert")).all()
        assert len(calls) == len(COLOURS) * TOWNS, len(calls)
        return sessions, service.visible(session, last or new_id()).root_id


def own_cluster(stack: ExitStack) -> tuple[Path, Cluster]:
    """Start a database server that ends with the contest."""
    home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="yitong-bench-")))
    cluster = Cluster(home / "cluster")
    cluster.ensure_running()
    stack.callback(cluster.stop)
    return home, cluster


@benchmark("alert/board", unit="ms")
def show_board(_: Lab) -> Contest:
    """The board of 1,031 people called three times each: sums by street, who is open, who took it.

    The floor counts the ladders by state, as their owner.
    """
    stack = ExitStack()
    _home, cluster = own_cluster(stack)
    urls = cluster.create_database("board")
    schema.upgrade(urls.owner)
    sessions, root = warned(urls.app)
    owner = make_sessions(make_engine(urls.owner))

    def ours() -> int:
        with unit_of_work(sessions, SYSTEM) as session:
            found = board.stands(session, root)
        return sum(row.people for row in found.streets)

    def floor() -> None:
        with owner() as session:
            session.execute(BARE).all()

    assert ours() == TOWNS
    return Contest(ours=ours, floor=floor, around=stack)


@benchmark("public/page", unit="rows/s", rows=READERS)
def public_page(_: Lab) -> Contest:
    """Ten thousand readers of the public page, one after the other, through a real server.

    That none of them asks the database is held by the tests (`test_followed_at_once.py`).
    """
    stack = ExitStack()
    home, cluster = own_cluster(stack)
    urls = cluster.create_database("public")
    schema.upgrade(urls.owner)
    warned(urls.app)
    server = Server(urls, home=home)
    server.start()
    stack.callback(server.stop)

    def ours() -> None:
        reader = HTTPConnection(f"127.0.0.1:{server.port}")
        for _n in range(READERS):
            reader.request("GET", "/warnings", headers={"accept": "text/html"})
            answer = reader.getresponse()
            assert answer.read()
            assert answer.status == 200
        reader.close()

    return Contest(ours=ours, rounds=3, warm_up=1, around=stack)
