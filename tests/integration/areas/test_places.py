"""A place belongs to a street, a district and the city, as they were on the day asked for."""

from datetime import date

import pytest
from shapely import MultiPolygon, Point, box
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import Range

from gis.areas import repository as areas
from gis.areas.models import Area, BoundaryKind
from gis.areas.rules import AreaLevel
from gis.store.engine import unit_of_work
from gis.store.scope import NOBODY, SYSTEM
from tests.world import CITY, GAOSUNTANG, IN_GAOSUNTANG, OUTSIDE, TAIBAI, WANZHOU


@pytest.fixture
def look(sessions, world):
    with unit_of_work(sessions, NOBODY) as session:
        yield session


def change(sessions, code, **values):
    with unit_of_work(sessions, SYSTEM) as session:
        area = areas.by_code(session, code)
        for name, value in values.items():
            setattr(area, name, value)


def test_a_place_is_told_from_the_city_down_to_the_street(look):
    found = areas.locate(look, IN_GAOSUNTANG)
    assert [area.path for area in found] == [CITY, WANZHOU, GAOSUNTANG]
    assert areas.smallest(look, IN_GAOSUNTANG).path == GAOSUNTANG


def test_outside_the_city_there_is_no_area(look):
    assert areas.locate(look, OUTSIDE) == []
    assert areas.smallest(look, OUTSIDE) is None


def test_a_place_on_a_shared_edge_belongs_to_one_street(look):
    on_the_edge = Point(108.4, 30.8)
    assert [area.path for area in areas.locate(look, on_the_edge)] == [CITY, WANZHOU, GAOSUNTANG]


def test_before_its_first_day_an_area_holds_no_place(look):
    assert areas.locate(look, IN_GAOSUNTANG, date(1999, 12, 31)) == []
    assert len(areas.locate(look, IN_GAOSUNTANG, date(2000, 1, 1))) == 3


def test_a_surveyed_boundary_goes_before_a_cell_that_overlaps_it(sessions, world):
    change(sessions, "500101001", boundary_kind=BoundaryKind.APPROXIMATE)
    wide = MultiPolygon([box(108.3, 30.7, 108.5, 30.9)])
    change(sessions, "500101002", boundary=wide)
    with unit_of_work(sessions, NOBODY) as session:
        assert areas.smallest(session, IN_GAOSUNTANG).path == TAIBAI


def test_the_tree_is_walked_by_path(look):
    assert [area.name for area in areas.children(look, CITY)] == ["万州区", "云阳县"]
    assert [area.code for area in areas.children(look, WANZHOU)] == ["500101001", "500101002"]
    assert areas.children(look, GAOSUNTANG) == []
    assert [area.name for area in areas.tree(look, WANZHOU)] == ["万州区", "高笋塘街道", "太白街道"]
    streets = areas.tree(look, CITY, levels=[AreaLevel.STREET])
    assert [area.level for area in streets] == ["street"] * 3
    assert [area.name for area in areas.lineage(look, TAIBAI)] == ["重庆市", "万州区", "太白街道"]


def test_codes_names_and_paths_find_their_area(look):
    assert areas.by_path(look, WANZHOU).name == "万州区"
    assert areas.by_path(look, "/1/") is None
    assert areas.by_code(look, "500235").name == "云阳县"
    assert areas.by_code(look, "500235", system="gb2260") is None
    assert [area.path for area in areas.by_name(look, "太白街道", under=WANZHOU)] == [TAIBAI]
    assert areas.by_name(look, "太白街道", under="/500000/500235/") == []


def plan_of(session, query):
    """How PostgreSQL runs a query, as the application's role and with an index worth using."""
    session.execute(text("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off"))
    compiled = query.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    return "\n".join(session.scalars(text(f"EXPLAIN {compiled}")))


@pytest.mark.parametrize("on", [None, date(2025, 11, 6)])
def test_areas_at_a_place_on_a_day_are_one_look_into_one_index(look, on):
    assert look.scalar(text("SELECT current_user")) == "yitong_app"
    plan = plan_of(look, areas.at(IN_GAOSUNTANG, on))
    condition = next(line for line in plan.splitlines() if "Index Cond" in line)
    assert "ix_area_boundary_validity" in plan
    assert "boundary ~" in condition
    assert "validity @>" in condition
    assert plan.count("Scan") == 1


def test_what_lies_below_a_path_is_found_through_the_index_on_paths(look):
    plan = plan_of(look, areas.select(Area.id).where(areas.within(WANZHOU)))
    assert "ix_area_path" in plan
    assert "Index Cond: ((path >=" in plan


def test_a_day_is_the_day_in_chongqing_and_has_an_end(sessions, world):
    ended = Range(date(2000, 1, 1), date(2025, 11, 6))
    change(sessions, "500101001", validity=ended)
    with unit_of_work(sessions, NOBODY) as session:
        assert areas.smallest(session, IN_GAOSUNTANG, date(2025, 11, 5)).path == GAOSUNTANG
        assert areas.smallest(session, IN_GAOSUNTANG, date(2025, 11, 6)).path == WANZHOU
