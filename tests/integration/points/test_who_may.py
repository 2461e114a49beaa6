"""Wanzhou's planner and Yunyang's points: neither read nor written, whatever the way."""

import pytest
from shapely import Point
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from gis.authority import Role
from gis.crs import ELLIPSOID
from gis.store.engine import unit_of_work
from gis.store.scope import NOBODY, RESIDENT, SYSTEM, Scope
from hazards.points import repository
from hazards.points.models import HazardPoint, HazardPointVersion
from tests.ledger import said
from tests.world import CITY, IN_SHUANGJIANG, TAIBAI, WANZHOU

THERE = {"longitude": IN_SHUANGJIANG.x, "latitude": IN_SHUANGJIANG.y}
PLANNER = Scope(WANZHOU, Role.PLANNER)


@pytest.fixture
def theirs(desk, enter, change):
    """A point of Yunyang with two states, and one of Wanzhou."""
    point = enter(desk, **THERE)
    change(desk, f"/api/v1/points/{point['id']}", version=1, owner_phone="138")
    enter(desk, name="Ours")
    return point


def test_what_lies_outside_his_area_does_not_exist_for_him(desk, theirs, sign_in):
    sign_in(desk, Role.PLANNER, WANZHOU)
    address = f"/api/v1/points/{theirs['id']}"
    assert desk.get(address).status_code == 404
    assert desk.get(f"{address}/history").status_code == 404
    assert desk.patch(address, json={"version": 2, "name": "Mine"}).status_code == 404
    gone = {"version": 2, "ground": "merged", "report": "x"}
    assert desk.post(f"{address}/delist", json=gone).status_code == 404
    assert desk.get("/api/v1/points").json()["total"] == 1
    assert desk.get("/api/v1/points?area=500235").json()["total"] == 0
    assert "Yunyang" not in desk.get("/api/v1/points/export").text
    assert "500235" not in desk.get("/api/v1/points.geojson").text


def test_he_enters_and_moves_nothing_there(desk, enter, theirs, sign_in):
    sign_in(desk, Role.PLANNER, WANZHOU)
    assert desk.post("/api/v1/points", json=said(**THERE)).status_code == 403
    mine = enter(desk, name="Mine")
    moved = desk.patch(f"/api/v1/points/{mine['id']}", json={"version": 1, **THERE})
    assert moved.status_code == 403


def test_not_even_a_hand_made_query_shows_or_changes_it(sessions, theirs):
    with unit_of_work(sessions, PLANNER) as session:
        assert session.scalars(select(HazardPoint.name)).all() == ["Ours"]
        assert session.scalar(select(func.count()).select_from(HazardPointVersion)) == 0
        changed = session.execute(
            text("UPDATE hazard_point SET name = 'x', version = version + 1 WHERE name <> 'Ours'")
        )
        assert changed.rowcount == 0
    with pytest.raises(DBAPIError, match="row-level"), unit_of_work(sessions, PLANNER) as session:
        session.execute(
            text(
                "UPDATE hazard_point SET area_path = '/500000/500235/', version = version + 1"
                " WHERE name = 'Ours'"
            )
        )
    for scope in (NOBODY, RESIDENT):
        with unit_of_work(sessions, scope) as session:
            assert session.scalar(select(func.count()).select_from(HazardPoint)) == 0


@pytest.mark.parametrize(
    ("role", "enters"),
    [
        (Role.CITY_COMMANDER, 201),
        (Role.DISTRICT_COMMANDER, 201),
        (Role.STREET_COMMANDER, 201),
        (Role.PLANNER, 201),
        (Role.PATROL, 403),
        (Role.OBSERVER, 403),
    ],
)
def test_each_role_does_what_is_its_own(desk, sign_in, role, enters):
    sign_in(desk, role, CITY)
    assert desk.post("/api/v1/points", json=said()).status_code == enters


MANY = text("""
    INSERT INTO hazard_point (id, category, evidence, hazard_type, grade, grade_origin, number,
        source, name, address, owner_name, owner_phone, owner_unit, place, area_path, state,
        synthetic, version, changed_by, changed_by_name)
    SELECT gen_random_uuid(), 'hidden_danger', 'possible', 'landslide', 'IV', 'computed', n::text,
        'many', 'P', '', '', '', '', ST_SetSRID(ST_MakePoint(108 + random(), 30 + random()), 4326),
        :path, 'approved', true, 1, gen_random_uuid(), 'test'
    FROM generate_series(1, 20000) AS n
""")


@pytest.fixture
def many(sessions, owner, world, hazard_types):
    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(MANY, {"path": TAIBAI})
    owner.execute(text("ANALYZE hazard_point"))
    owner.commit()


def plan(session, query: str) -> str:
    return "\n".join(session.scalars(text(f"EXPLAIN {query}")))


def test_under_the_policy_a_box_is_still_found_by_its_index(sessions, many):
    """PostGIS's operators count as leaky: without LEAKPROOF this plan reads the whole table."""
    box = "SELECT id FROM hazard_point WHERE place && ST_MakeEnvelope(108.4,30.4,108.41,30.41,4326)"
    with unit_of_work(sessions, PLANNER) as session:
        assert session.scalar(text("SELECT current_user")) == "yitong_app"
        assert "idx_hazard_point_place" in plan(session, box)


def test_metres_are_measured_only_near_the_place(sessions, many):
    here = Point(108.5, 30.5)
    with unit_of_work(sessions, PLANNER) as session:
        found = {point.id for point, _ in repository.near(session, here, within_m=3000)}
        everywhere = session.execute(select(HazardPoint.id, HazardPoint.place)).all()
        asked = repository.near_query(HazardPoint, here, within_m=3000)
        compiled = asked.compile(dialect=session.get_bind().dialect)
        steps = session.connection().exec_driver_sql(f"EXPLAIN {compiled}", compiled.params)
        assert any("idx_hazard_point_place" in step for (step,) in steps)
    true = {
        one
        for one, place in everywhere
        if ELLIPSOID.inv(here.x, here.y, place.x, place.y)[2] <= 3000
    }
    assert found == true
    assert len(found) > 10
