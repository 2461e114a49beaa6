"""Rivers and lakes: those that ship, and a city's own, on the map for everybody."""

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from affine import Affine
from shapely import LineString, Point, box
from sqlalchemy import select

from gis import exchange, heights, water
from gis.authority import Role
from gis.errors import Rejected
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from gis.water import Terms, Water
from rescue_app import shipped
from tests.tiles import layers, tile_at
from tests.world import WANZHOU

RIVER = LineString([(108.30, 30.70), (108.38, 30.80), (108.50, 30.90)])
LAKE = box(108.33, 30.75, 108.36, 30.78)
BESIDE_THE_RIVER = (108.40, 30.82)


@pytest.fixture
def bring(sessions, world, tmp_path):
    """Write features as an office would, in GBK, and bring them in."""

    def do(*features, apply=True, name="名称", **columns):
        path = tmp_path / "水系.shp"
        frame = gpd.GeoDataFrame(
            {"名称": [name for name, _ in features]},
            geometry=[shape for _, shape in features],
            crs=4326,
        )
        frame.to_file(path, encoding="gbk")
        terms = Terms("水利局", name=name, **columns)
        with unit_of_work(sessions, SYSTEM) as session:
            return water.bring_in(session, exchange.read(path), terms, apply=apply)

    return do


@pytest.fixture
def patrol(client, world, sign_in):
    sign_in(client, Role.PATROL, WANZHOU)
    return client


def drawn(client, z=12):
    z, x, y = tile_at(*BESIDE_THE_RIVER, z)
    answer = client.get(f"/api/v1/tiles/areas/{z}/{x}/{y}.mvt")
    assert answer.status_code == 200
    return layers(answer.content).get("water", []), answer.headers["etag"]


def test_a_river_of_the_city_is_on_the_next_tile_with_its_name(bring, patrol):
    before, state = drawn(patrol)
    report = bring(("长江", RIVER))
    assert (report.added, report.removed, report.same) == (1, 0, 0)
    now, later = drawn(patrol)
    assert before == []
    assert [f.properties["name"] for f in now] == ["长江"]
    assert state != later


def test_a_dry_run_writes_nothing_and_the_same_file_again_changes_nothing(bring):
    assert bring(("长江", RIVER), apply=False).added == 1
    assert bring(("长江", RIVER)).added == 1
    again = bring(("长江", RIVER))
    assert (again.added, again.removed, again.same) == (0, 0, 1)


def test_a_newer_file_replaces_what_its_source_said(bring, patrol):
    bring(("长江", RIVER))
    report = bring(("长江", RIVER.reverse()))
    assert (report.added, report.removed) == (1, 1)
    assert len(drawn(patrol)[0]) == 1


def test_what_is_no_water_is_refused_with_its_feature_and_the_rest_comes_in(
    sessions, world, tmp_path
):
    path = tmp_path / "mixed.geojson"
    gpd.GeoDataFrame(geometry=[LAKE, Point(108.4, 30.8), None], crs=4326).to_file(path)
    with unit_of_work(sessions, SYSTEM) as session:
        report = water.bring_in(session, exchange.read(path), Terms("x"), apply=True)
    assert report.added == 1
    assert [refused.line for refused in report.refused] == [2, 3]
    assert "surface or a line" in str(report.refused[0].reason)


def test_courses_are_kept_downhill_where_a_raster_says_how_high_the_ground_is(
    sessions, world, tmp_path
):
    raster, file = tmp_path / "heights.tif", tmp_path / "rivers.geojson"
    falling = np.tile(np.arange(300, 100, -1, dtype="float32"), (100, 1))  # to the east
    east = Affine(0.002, 0, 108.2, 0, -0.004, 31)
    shape = {"height": 100, "width": 200, "count": 1, "dtype": "float32", "crs": "EPSG:4326"}
    with rasterio.open(raster, "w", transform=east, **shape) as out:
        out.write(falling, 1)
    gpd.GeoDataFrame(geometry=[RIVER.reverse(), LAKE], crs=4326).to_file(file)
    with unit_of_work(sessions, SYSTEM) as session, heights.opened(raster) as height_at:
        terms = Terms("水利局", height_at=height_at)
        report = water.bring_in(session, exchange.read(file), terms, apply=True)
        found = {one.flow: one.shape for one in session.scalars(select(Water))}
    assert (report.added, report.running) == (2, 1)
    assert found["heights"].equals_exact(RIVER)
    assert found[""].equals(LAKE)
    with pytest.raises(Rejected, match="no raster"), heights.opened(file):
        pass


def test_a_missing_column_is_named_before_anything_is_written(bring):
    with pytest.raises(Rejected, match="no column 河名"):
        bring(("长江", RIVER), name="河名")


def test_what_ships_comes_in_once(sessions, world):
    table = exchange.read(shipped.WATER)
    with unit_of_work(sessions, SYSTEM) as session:
        first = water.bring_in(session, table, Terms("WDBII"), apply=True)
        second = water.bring_in(session, table, Terms("WDBII"), apply=True)
    assert first.added > 30
    assert not first.refused
    assert (second.added, second.removed, second.same) == (0, 0, first.added)
