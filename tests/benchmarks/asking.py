"""A real server on a database of the lab, asked as a signed-in commander's browser asks."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import count
from urllib.parse import quote

import psycopg

from gis.authority import Role
from gis.store.cluster import Urls
from gis.store.engine import make_engine, make_sessions, unit_of_work
from gis.store.scope import SYSTEM
from rescue_app.auth import service as auth
from rescue_app.http.dependencies import COOKIE
from tests.benchmarks.harness import Contest
from tests.benchmarks.lab import Lab, plain
from tests.benchmarks.peers import Tipg
from tests.benchmarks.wire import Line
from tests.processes import Server
from tests.world import CITY

BROWSER = {"accept": "*/*", "accept-encoding": "gzip"}


def getting(port: int, **headers: str) -> Callable[[str], dict[str, str]]:
    """Give a function that fetches an address over one kept connection."""
    line = Line(port, BROWSER | headers)

    def get(address: str) -> dict[str, str]:
        status, told = line.get(address)
        assert status in {200, 304}, (status, address)
        return told

    return get


def contest(
    lab: Lab,
    address: str,
    floor: str,
    *,
    values: Mapping[str, object] | None = None,
    urls: Urls | None = None,
    peer: str | None = None,
    unchanged: bool = False,
) -> Contest:
    """Ask the server for an address, the database for the same, and tipg for the like of it.

    Every question differs in a word that means nothing, so that no answer is one kept from before.
    """
    stack = ExitStack()
    urls = urls or lab.ledger
    server = Server(urls, home=lab.home)
    server.start()
    stack.callback(server.stop)
    base = stack.enter_context(psycopg.connect(plain(urls.owner), autocommit=True))
    cookie = f"{COOKIE}={signed_in(urls.app)}"
    turn = count()
    joint = "&" if "?" in address else "?"
    get = getting(server.port, cookie=cookie)
    if unchanged:
        seen = get(address)["etag"]
        again = getting(server.port, cookie=cookie, **{"if-none-match": seen})
        ours: Callable[[], object] = lambda: again(address)  # noqa: E731 - it takes no argument
    else:
        ours = lambda: get(f"{address}{joint}lang={next(turn)}")  # noqa: E731 - as above
    theirs = None
    if peer is not None:
        tipg = stack.enter_context(Tipg(urls.owner, "public.hazard_point"))
        fetch = getting(tipg.port)
        theirs = lambda: fetch(f"/collections/public.hazard_point/{peer}&geom-column=place")  # noqa: E731 - as above
    return Contest(
        ours,
        lambda: base.execute(floor, values).fetchall(),
        theirs,
        around=stack,
        rounds=31,
        warm_up=5,
    )


def quoted(text: str) -> str:
    """Put a text into an address."""
    return quote(text, safe="")


def signed_in(url: str) -> str:
    """Sign a commander of the city in."""
    engine = make_engine(url)
    now = datetime.now(UTC)
    with unit_of_work(make_sessions(engine), SYSTEM) as session:
        account = auth.add_account(
            session,
            login=f"bench-{now.timestamp()}",
            name="Bench",
            password="yitong-bench",
            role=Role.CITY_COMMANDER,
            area_path=CITY,
        )
        token = auth.begin(session, account, agent="bench", now=now, life=timedelta(days=1))
    engine.dispose()
    return token
