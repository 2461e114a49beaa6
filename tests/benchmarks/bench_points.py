"""Reading the ledger through a real server, against the bare SQL of the same answer as owner."""

from datetime import UTC, datetime

import psycopg
from sqlalchemy import make_url

from tests.benchmarks.asking import contest, quoted
from tests.benchmarks.harness import Contest, benchmark
from tests.benchmarks.lab import Lab, plain

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

SHAPE = "POLYGON((106.2 29.3, 106.9 29.0, 107.3 29.6, 106.8 30.1, 106.3 29.9, 106.2 29.3))"
INSIDE = f"""
    SELECT count(*), sum(threatened_persons), sum(threatened_frail), sum(threatened_households),
        sum(threatened_property_10k_yuan), count(*) FILTER (WHERE grade = 'I'),
        count(*) FILTER (WHERE grade = 'II'), count(*) FILTER (WHERE grade = 'III'),
        count(*) FILTER (WHERE category = 'critical')
    FROM hazard_point WHERE state IN ('draft', 'approved')
      AND ST_Covers(ST_GeomFromText('{SHAPE}', 4326), place)
"""

# Half the ledger has changed since; what it was is asked.
AGEING = """
    UPDATE hazard_point SET owner_name = 'new', version = version + 1, changed_at = now()
    WHERE right(number, 1) < '5'
"""
THEN = """
    SELECT count(*) OVER () AS total, row_to_json(p)::text FROM (
        SELECT number, name, grade, state, threatened_persons, area_path, id, hazard_type
        FROM hazard_point WHERE changed_at <= %(moment)s
        UNION ALL
        SELECT number, name, grade, state, threatened_persons, area_path, point_id, hazard_type
        FROM hazard_point_version WHERE changed_at <= %(moment)s AND replaced_at > %(moment)s
    ) AS p
    WHERE grade = 'II' AND hazard_type = 'landslide' AND state IN ('draft', 'approved')
      AND area_path >= '/500000/500101/' AND area_path < '/500000/5001010'
    ORDER BY coalesce(threatened_persons, 0) DESC, id DESC LIMIT 50
"""


@benchmark("features/1000", unit="ms", rows=1000)
def features(lab: Lab) -> Contest:
    """A thousand points in a box as GeoJSON over HTTP, beside the bare SQL that writes it."""
    address = f"/api/v1/points.geojson?bbox={BOX}&size=1000"
    return contest(lab, address, FEATURES, peer=f"items?limit=1000&bbox={BOX}")


@benchmark("list/filtered", unit="ms", rows=50)
def filtered(lab: Lab) -> Contest:
    """A page of the filtered, sorted list with its total over HTTP, beside its bare SQL."""
    return contest(lab, f"/api/v1/points?{QUESTION}", LISTED)


@benchmark("polygon/inside", unit="ms")
def inside(lab: Lab) -> Contest:
    """What lies in a drawn shape, added up over HTTP, beside the same sums in bare SQL."""
    return contest(lab, f"/api/v1/points/summary?polygon={quoted(SHAPE)}", INSIDE)


@benchmark("asof/list", unit="ms", rows=50)
def as_of(lab: Lab) -> Contest:
    """The filtered list as it was before half of the ledger changed, beside its bare SQL."""
    urls = lab.cluster.create_database("aged", template=make_url(lab.ledger.owner).database)
    moment = datetime.now(UTC).isoformat()
    with psycopg.connect(plain(urls.owner), autocommit=True) as owner:
        owner.execute(AGEING)
        owner.execute("VACUUM ANALYZE hazard_point, hazard_point_version")
    floor = THEN.replace("%(moment)s", f"'{moment}'")
    asked = f"/api/v1/points?{QUESTION}&as_of={quoted(moment)}"
    return contest(lab, asked, floor, urls=urls)


@benchmark("list/search", unit="ms")
def search(lab: Lab) -> Contest:
    """Letters that nothing in the ledger has, looked for everywhere, beside the bare SQL."""
    floor = """SELECT count(*) FROM hazard_point WHERE state = 'approved'
        AND (name ILIKE '%zzz%' OR number ILIKE '%zzz%' OR address ILIKE '%zzz%')"""
    return contest(lab, "/api/v1/points?q=zzz", floor)


@benchmark("list/ownerless", unit="ms")
def ownerless(lab: Lab) -> Contest:
    """How many points have nobody who owns them, beside the bare count of points by their kind."""
    floor = """SELECT area_path, hazard_type, category, count(*) FROM hazard_point
        WHERE state = 'approved' GROUP BY 1, 2, 3"""
    return contest(lab, "/duty/ownerless/count?on=2026-07-06", floor)
