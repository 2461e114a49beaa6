"""What comes next over the whole ledger, beside the bare SQL of what lies near what."""

from datetime import UTC, datetime

import psycopg
from sqlalchemy import make_url
from sqlalchemy.orm import Session

from gis import exchange, water
from gis.store.cluster import Urls
from gis.store.engine import make_engine, make_sessions, unit_of_work
from gis.store.scope import SYSTEM
from qr_codes.assets import loader as kinds
from rescue_app import shipped
from rescue_app.chains import editions
from rescue_app.scenario.ground import read_ground
from rescue_app.scenario.things import make_assets
from tests.benchmarks.asking import contest, quoted
from tests.benchmarks.bench_points import SHAPE
from tests.benchmarks.harness import Contest, benchmark
from tests.benchmarks.lab import Lab, plain

SEED = 20260701
SLOPES = "('landslide', 'collapse', 'unstable_rock', 'unstable_slope', 'debris_flow')"
NEAR = """asset.place && ST_Expand({of}.place, 0.003)
    AND ST_Distance(asset.place::geography, {of}.place::geography) <= {metres}"""
ABOVE = f"""
    SELECT id FROM hazard_point WHERE state = 'approved' AND hazard_type IN {SLOPES}
    ORDER BY threatened_persons DESC NULLS LAST, id LIMIT 1
"""
# The slope, the roads and bridges below it, the river that it may fall into.
FROM_A_POINT = f"""
    WITH slope AS (SELECT place FROM hazard_point WHERE id = %(id)s)
    SELECT asset.id, asset.name, ST_AsBinary(asset.place) FROM slope
    JOIN asset ON type_code IN ('road_section', 'tunnel', 'bridge')
        AND {NEAR.format(of="slope", metres=150)}
    UNION ALL
    SELECT water.id, water.name, ST_AsBinary(water.shape) FROM slope
    JOIN water ON water.shape && ST_Expand(slope.place, 0.006)
        AND ST_Distance(water.shape::geography, slope.place::geography) <= 300
"""
# The worst hundred slopes where it rains, and the roads and bridges below them.
FROM_RAIN = f"""
    WITH slope AS (
        SELECT id, name, place, threatened_persons FROM hazard_point
        WHERE state = 'approved' AND hazard_type IN {SLOPES}
          AND ST_Covers(ST_GeomFromText('{SHAPE}', 4326), place)
        ORDER BY threatened_persons DESC NULLS LAST, id LIMIT 100
    ), below AS (
        SELECT asset.id, min(ST_Distance(asset.place::geography, slope.place::geography))
        FROM slope JOIN asset ON type_code IN ('road_section', 'tunnel', 'bridge')
            AND {NEAR.format(of="slope", metres=150)} GROUP BY 1
    ) SELECT (SELECT count(*) FROM slope), (SELECT count(*) FROM below),
        (SELECT count(*) FROM asset WHERE type_code IN ('drain_inlet', 'pump_station', 'culvert')
            AND ST_Intersects(place, ST_GeomFromText('{SHAPE}', 4326)))
"""


def furnished(lab: Lab, name: str) -> Urls:
    """Give the ledger with the scenario's assets, the shipped rivers and the chain table."""
    urls = lab.cluster.create_database(name, template=make_url(lab.ledger.owner).database)
    engine = make_engine(urls.app)
    with unit_of_work(make_sessions(engine), SYSTEM) as session:
        fill(session)
    engine.dispose()
    with psycopg.connect(plain(urls.owner), autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE asset, water, hazard_point")
    return urls


def fill(session: Session) -> None:
    """Bring in what chains meet beside the points."""
    now = datetime.now(UTC)
    kinds.load(session, shipped.DATA / "assets")
    rivers = water.Terms("WDBII", downstream=True)
    water.bring_in(session, exchange.read(shipped.WATER), rivers, apply=True)
    editions.load(session, shipped.DATA / "chains/chains.yaml", now=now)
    session.add_all(make_assets(read_ground(session), seed=SEED))


@benchmark("chain/point", unit="ms")
def from_a_point(lab: Lab) -> Contest:
    """All that follows from the slope that threatens most, beside its first links in bare SQL."""
    urls = furnished(lab, "slides")
    with psycopg.connect(plain(urls.owner)) as owner:
        found = owner.execute(ABOVE).fetchone()
    assert found is not None
    address, values = f"/api/v1/chains/follow?point={found[0]}", {"id": found[0]}
    return contest(lab, address, FROM_A_POINT, values=values, urls=urls)


@benchmark("chain/rain", unit="ms")
def from_rain(lab: Lab) -> Contest:
    """All that follows from 50 mm in 3 h over a tenth of the city, beside its bare SQL."""
    asked = f"/api/v1/chains/follow?polygon={quoted(SHAPE)}&mm=50&hours=3"
    return contest(lab, asked, FROM_RAIN, urls=furnished(lab, "rained"))
