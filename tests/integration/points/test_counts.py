"""The count pyramid: whatever happens to points, every zoom says what the list says."""

import pytest
from sqlalchemy import text

from gis.authority import Role
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.points import counts
from tests.tiles import layers, tile_at
from tests.world import CITY, GAOSUNTANG, IN_GAOSUNTANG, IN_SHUANGJIANG, IN_TAIBAI, WANZHOU

PLACES = (IN_GAOSUNTANG, IN_TAIBAI, IN_SHUANGJIANG)
ZOOMS = (0, 6, 10, 11, 22)
KINDS = (("hidden_danger", 1200), ("occurrence", 600), ("critical", 120), ("prevention", 10))
QUESTIONS = (
    {},
    {"grade": ["I", "IV"]},
    {"category": ["critical", "occurrence"], "grade": "II"},
    {"area": WANZHOU},
    {"area": GAOSUNTANG},
    {"evidence": "possible"},
    {"hazard_type": "flash_flood", "area": WANZHOU},
    {"state": "delisted"},
    {"q": "点 1"},
    {"bbox": "108.3,30.7,108.5,30.9"},
)
READERS = (
    (Role.CITY_COMMANDER, CITY),
    (Role.PLANNER, WANZHOU),
    (Role.STREET_COMMANDER, GAOSUNTANG),
)


@pytest.fixture
def ledger(desk, enter, delist):
    """Points of all kinds in three streets, one of them de-listed."""
    entered = []
    for number, (category, people) in enumerate(KINDS):
        for place in PLACES:
            said = {
                "name": f"点 {number}",
                "category": category,
                "threatened_persons": people,
                "evidence": "possible" if number % 2 else "historical",
                "hazard_type": "flash_flood" if number == 3 else "landslide",
                "longitude": place.x + number / 400,
                "latitude": place.y - number / 600,
            }
            entered.append(enter(desk, **said))
    delist(desk, f"/api/v1/points/{entered[0]['id']}", version=1)
    return desk


def on_the_map(client, z, **asked):
    """Sum a zoom over the tiles where the list's points lie: points, people, worst ones."""
    items = client.get("/api/v1/points", params={"size": 500, "state": STATES}).json()["items"]
    total = people = 0
    for tile in {tile_at(item["longitude"], item["latitude"], z) for item in items}:
        address = "/api/v1/tiles/points/{}/{}/{}.mvt".format(*tile)
        found = layers(client.get(address, params=asked).content)
        rings = [ring.properties for ring in found.get("counts", [])]
        assert all(0 < ring["worst_count"] <= ring["count"] for ring in rings)
        total += sum(ring["count"] for ring in rings) + len(found.get("points", []))
        people += sum(ring["persons"] for ring in rings)
    return total, people


STATES = ["approved", "delisted"]


def listed(client, **asked):
    found = client.get("/api/v1/points", params={"size": 500, **asked}).json()
    assert found["total"] == len(found["items"]), asked
    return found["total"], sum(item["threatened_persons"] or 0 for item in found["items"])


@pytest.mark.parametrize(("role", "area"), READERS)
def test_every_zoom_agrees_with_the_list_for_every_question_and_reader(ledger, sign_in, role, area):
    sign_in(ledger, role, area)
    for asked in QUESTIONS:
        total, people = listed(ledger, **asked)
        for z in ZOOMS:
            shown, threatened = on_the_map(ledger, z, **asked)
            assert shown == total, (asked, z)
            assert z > counts.FINEST_ZOOM or threatened == people, (asked, z)


def test_a_moved_and_regraded_point_counts_where_and_as_what_it_is_now(ledger, enter, change):
    point = enter(ledger, threatened_persons=5)
    moved = {"version": 1, "longitude": IN_SHUANGJIANG.x, "latitude": IN_SHUANGJIANG.y}
    change(ledger, f"/api/v1/points/{point['id']}", **moved, threatened_persons=5000)
    for asked in QUESTIONS:
        assert on_the_map(ledger, 8, **asked) == listed(ledger, **asked)


def test_melting_rows_together_changes_no_sum_and_leaves_one_row_a_key(ledger, sessions, owner):
    before = [on_the_map(ledger, z) for z in range(11)]
    with unit_of_work(sessions, SYSTEM) as session:
        assert counts.compact(session) > 0
        assert counts.compact(session) == 0
    # A tile in memory would answer for the table; another question asks it.
    assert [on_the_map(ledger, z, lang="zh") for z in range(11)] == before
    keys = "zoom, tile_x, tile_y, cell, area_path, category, grade, state"
    rows, alike = owner.execute(
        text(f"SELECT count(*), count(DISTINCT ({keys})) FROM point_count")
    ).one()
    assert rows == alike > 0


def test_a_change_of_what_is_not_counted_writes_no_row(ledger, enter, change, owner):
    point = enter(ledger)
    before = owner.scalar(text("SELECT count(*) FROM point_count"))
    owner.rollback()
    change(ledger, f"/api/v1/points/{point['id']}", version=1, owner_name="李四")
    assert owner.scalar(text("SELECT count(*) FROM point_count")) == before


def test_nobody_can_write_sums_and_a_district_cannot_read_another_s(ledger, sessions):
    with unit_of_work(sessions, Scope(WANZHOU, Role.PLANNER)) as session:
        seen = session.scalars(text("SELECT DISTINCT area_path FROM point_count")).all()
        allowed = session.scalar(
            text(
                "SELECT has_table_privilege(current_user, 'point_count', 'INSERT')"
                " OR has_table_privilege(current_user, 'point_count', 'UPDATE')"
                " OR has_table_privilege(current_user, 'point_count', 'DELETE')"
            )
        )
    assert seen == [WANZHOU]
    assert not allowed


CROWD = text("""
    INSERT INTO hazard_point (id, category, evidence, hazard_type, grade, grade_origin, number,
        source, name, address, owner_name, owner_phone, owner_unit, place, area_path, state,
        synthetic, version, changed_by, changed_by_name)
    SELECT gen_random_uuid(), 'hidden_danger', 'historical', 'landslide', 'II', 'computed',
        n::text, 'crowd', '点', '', '', '', '', ST_SetSRID(ST_MakePoint(
            :longitude + (n % 97) / 100000.0, :latitude + (n % 89) / 100000.0), 4326),
        :path, 'approved', true, 1, :id, 'crowd'
    FROM generate_series(1, :many) AS n
""")


@pytest.mark.parametrize(("many", "layer"), [(6000, "points"), (6001, "counts")])
def test_a_crowded_tile_holds_all_its_points_and_is_never_too_big(desk, sessions, many, layer):
    place = {"longitude": IN_GAOSUNTANG.x, "latitude": IN_GAOSUNTANG.y}
    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(CROWD, place | {"path": GAOSUNTANG, "id": new_id(), "many": many})
    z, x, y = tile_at(*place.values(), 12)
    answer = desk.get(f"/api/v1/tiles/points/{z}/{x}/{y}.mvt")
    found = layers(answer.content)
    assert list(found) == [layer]
    assert sum(f.properties.get("count", 1) for f in found[layer]) == many
    assert 10 < len(answer.content) < 500_000
