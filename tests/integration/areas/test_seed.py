"""The city's real areas are loaded, in both vintages, once."""

from collections import Counter
from datetime import date

import pytest
import shapely
from sqlalchemy import func, select

from gis.areas import repository as areas
from gis.areas import service
from gis.areas.models import Area
from gis.areas.rules import AreaLevel, BoundaryKind
from gis.store.engine import make_engine, make_sessions, unit_of_work
from gis.store.scope import NOBODY, SYSTEM
from tests.integration.areas.sources import SOURCES

BEFORE, AFTER = date(2025, 11, 5), date(2025, 11, 6)


@pytest.fixture(scope="module")
def city(worker_urls, contents):
    """The whole seed, loaded once for all who only look."""
    engine = make_engine(worker_urls.app, pool_size=2)
    sessions = make_sessions(engine)
    with unit_of_work(sessions, SYSTEM) as session:
        service.load_seed(session, SOURCES)
    yield sessions
    engine.dispose()
    contents.empty()


@pytest.fixture
def look(city):
    with unit_of_work(city, NOBODY) as session:
        yield session


def named(rows):
    return {row.name for row in rows}


def test_both_vintages_of_districts_are_there(look):
    before = areas.children(look, "/500000/", BEFORE)
    after = areas.children(look, "/500000/", AFTER)
    assert (len(before), len(after)) == (38, 37)
    assert named(before) - named(after) == {"江北区", "渝北区"}
    assert named(after) - named(before) == {"两江新区"}
    assert all(row.boundary.is_valid for row in before + after)


def test_every_town_is_there_on_every_day_and_none_is_invented(look):
    for day in (BEFORE, AFTER):
        towns = areas.tree(look, "/500000/", day, levels=[AreaLevel.STREET])
        assert len(towns) == 1031
        assert sum(town.centre is not None for town in towns) == 865
        assert all(town.boundary is None for town in towns if town.centre is None)
        silent = [town for town in towns if town.boundary_kind == BoundaryKind.NONE]
        assert all("no boundary" in town.source for town in silent)


def test_a_town_that_moved_has_its_old_and_its_new_district(look):
    (before,) = areas.by_name(look, "水土街道", BEFORE)
    (after,) = areas.by_name(look, "水土街道", AFTER)
    assert before.path == "/500000/500109/500109008/"
    assert after.path == "/500000/500105/500109008/"
    assert [area.name for area in areas.lineage(look, after.path, AFTER)] == [
        "重庆市", "两江新区", "水土街道",
    ]  # fmt: skip
    point = before.centre
    assert [area.name for area in areas.locate(look, point, BEFORE)] == [
        "重庆市", "北碚区", "水土街道",
    ]  # fmt: skip
    assert areas.locate(look, point, AFTER)[1].name == "两江新区"


def test_the_ten_towns_of_beibei_and_yubei_changed_sides(look):
    def homes(day):
        rows = areas.tree(look, "/500000/", day, levels=[AreaLevel.STREET])
        return {row.code: row.path.split("/")[2] for row in rows}

    before, after = homes(BEFORE), homes(AFTER)
    moves = Counter((before[code], after[code]) for code in before if before[code] != after[code])
    assert moves == {("500112", "500105"): 25, ("500112", "500109"): 5, ("500109", "500105"): 5}


def test_the_point_of_a_town_lies_in_its_cell_and_its_population_came_along(look):
    (longju,) = areas.by_name(look, "龙驹镇", AFTER)
    assert longju.boundary.covers(longju.centre)
    assert longju.boundary_kind == BoundaryKind.APPROXIMATE
    assert longju.population > 10_000
    populated = look.scalar(select(func.count()).where(Area.population > 0))
    assert populated > 1_000


def test_cells_tile_their_district_without_overlap(look):
    wanzhou = areas.by_path(look, "/500000/500101/", AFTER)
    cells = [town.boundary for town in areas.children(look, wanzhou.path, AFTER) if town.boundary]
    assert len(cells) == 49
    assert shapely.union_all(cells).area == pytest.approx(wanzhou.boundary.area, rel=1e-6)
    assert sum(cell.area for cell in cells) == pytest.approx(wanzhou.boundary.area, rel=1e-6)


def test_where_few_towns_have_a_point_no_cell_pretends_to_know(look):
    yuzhong = areas.children(look, "/500000/500103/", AFTER)
    assert len(yuzhong) == 11
    assert all(town.boundary is None for town in yuzhong)
    jiefangbei = shapely.Point(106.5770, 29.5573)
    assert areas.smallest(look, jiefangbei, AFTER).name == "渝中区"


def test_english_names_say_what_kind_of_area_it_is(look):
    spelt = {a.name: a.name_en for a in look.scalars(select(Area))}
    assert spelt["重庆市"] == "Chongqing"
    assert spelt["万州区"] == "Wanzhou District"
    assert spelt["两江新区"] == "Liangjiang New Area"
    assert spelt["丰都县"] == "Fengdu County"
    assert spelt["石柱土家族自治县"] == "Shizhu Tujia Autonomous County"
    assert spelt["高笋塘街道"] == "Gaosuntang Subdistrict"
    assert spelt["南岸区"] == "Nan'an District"
    assert all(name.isprintable() and name for name in spelt.values())
