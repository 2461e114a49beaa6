"""Reading the ledger through a real server, against the bare SQL of the same answer as owner."""

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection

import psycopg

from gis.authority import Role
from gis.store.engine import make_engine, make_sessions, unit_of_work
from gis.store.scope import SYSTEM
from rescue_app.auth import service as auth
from rescue_app.http.dependencies import COOKIE
from tests.benchmarks.harness import Contest, benchmark
from tests.benchmarks.lab import Lab, plain
from tests.processes import Server
from tests.world import CITY

BOX = "106.2,29.0,107.2,30.0"
FEATURES = """
    SELECT '{"type":"FeatureCollection","features":[' || string_agg(
        '{"type":"Feature","id":"' || id || '","geometry":' || ST_AsGeoJSON(place, 6)
        || ',"properties":' || row_to_json((SELECT told FROM (SELECT number, name, category,
           evidence, hazard_type, grade, state, threatened_persons, area_path, synthetic, version)
           AS told))::text || '}', ',') || ']}'
    FROM (SELECT * FROM hazard_point
          WHERE place && ST_MakeEnvelope(106.2, 29.0, 107.2, 30.0, 4326)
            AND state = 'approved' ORDER BY grade, id LIMIT 1000) AS chosen
"""
LISTED = """
    SELECT count(*) OVER () AS total, row_to_json(p)::text FROM hazard_point AS p
    WHERE grade = 'II' AND hazard_type = 'landslide' AND state = 'approved'
      AND area_path >= '/500000/500101/' AND area_path < '/500000/5001010'
    ORDER BY coalesce(threatened_persons, 0) DESC, id DESC LIMIT 50
"""
QUESTION = "grade=II&hazard_type=landslide&area=500101&sort=-persons"


def contest(lab: Lab, address: str, floor: str) -> Contest:
    """Ask the server as a signed-in commander, and the database as its owner."""
    stack = ExitStack()
    urls = lab.ledger
    server = Server(urls, home=lab.home)
    server.start()
    stack.callback(server.stop)
    base = stack.enter_context(psycopg.connect(plain(urls.owner), autocommit=True))
    line = HTTPConnection(server.url.removeprefix("http://"))
    cookie = {"cookie": f"{COOKIE}={signed_in(urls.app)}", "accept": "application/json"}

    def ours() -> None:
        line.request("GET", address, headers=cookie)
        answer = line.getresponse()
        answer.read()
        assert answer.status == 200

    return Contest(ours, lambda: base.execute(floor).fetchall(), around=stack, rounds=25)


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


@benchmark("features/1000", unit="ms", rows=1000)
def features(lab: Lab) -> Contest:
    """A thousand points in a box as GeoJSON over HTTP, beside the bare SQL that writes it."""
    return contest(lab, f"/api/v1/points.geojson?bbox={BOX}&size=1000", FEATURES)


@benchmark("list/filtered", unit="ms", rows=50)
def filtered(lab: Lab) -> Contest:
    """A page of the filtered, sorted list with its total over HTTP, beside its bare SQL."""
    return contest(lab, f"/api/v1/points?{QUESTION}", LISTED)
