"""Terrain and distances: the published examples come out, and a raster's own faults are minded."""

import numpy as np
import pytest
import rasterio
from shapely import LineString, box

from hazards.evidence import grid
from hazards.susceptibility import terrain
from hazards.susceptibility.distances import nearest
from hazards.susceptibility.terrain import Frame
from tests.susceptibility import raster

OUTLINE = box(108.30, 30.70, 108.36, 30.74)


@pytest.fixture(scope="module")
def cells():
    return grid.over(OUTLINE, wide_m=500)


def test_slope_and_aspect_are_those_of_the_published_examples():
    # ArcGIS Pro, "How Slope works": 75.25762 degrees; "How Aspect works": 92.64 degrees.
    heights = np.array([[50, 45, 50], [30, 30, 30], [8, 10, 10]], float)
    east, south = terrain.gradients(heights, 5)
    assert (east[0, 0], south[0, 0]) == pytest.approx((0.05, -3.8))
    assert np.degrees(np.arctan(np.hypot(east, south)))[0, 0] == pytest.approx(75.25762)
    heights = np.array([[101, 92, 85], [101, 92, 85], [101, 91, 84]], float)
    assert terrain.aspect(*terrain.gradients(heights, 1))[0, 0] == pytest.approx(92.64, abs=0.01)


def test_ground_that_bulges_is_positive_and_a_hollow_negative():
    # z = -(x² + y²)/1000 bends by -1/500 either way: 200 · 2/1000 = 0.4 in 1/100 m.
    x, y = np.meshgrid(np.arange(-1, 2) * 10.0, np.arange(-1, 2) * 10.0)
    assert terrain.curvature(-(x**2 + y**2) / 1_000, 10)[0, 0] == pytest.approx(0.4)
    assert terrain.curvature((x**2 + y**2) / 1_000, 10)[0, 0] == pytest.approx(-0.4)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:32649"])
def test_a_plane_keeps_its_steepness_whatever_the_raster_is_written_in(tmp_path, cells, crs):
    # Rising to the east by 300 m a km: water runs west. UTM's north is turned by 1.4 degrees.
    path = raster(tmp_path / "dem.tif", lambda east_m, _: 500 + 0.3 * east_m, crs=crs)
    found = terrain.terrain(path, Frame.around(cells), told=lambda: None)
    assert np.isfinite(found["slope"]).all()
    assert found["slope"] == pytest.approx(np.degrees(np.arctan(0.3)), abs=0.4)
    assert found["aspect"] == pytest.approx(270, abs=2)
    assert found["curvature"] == pytest.approx(0, abs=0.02)
    east = cells.middles[:, 0]
    assert np.polyfit(east, found["elevation"], 1)[0] == pytest.approx(0.3, abs=0.005)


def test_what_the_raster_does_not_know_is_not_known_of_the_cell(tmp_path, cells):
    known = raster(tmp_path / "a.tif", lambda e, _: np.where(e < 0, -9_999, 300 + 0 * e))
    found = terrain.averages(known, Frame.around(cells), told=lambda: None)
    east = cells.middles[:, 0]
    assert np.isnan(found[east < -500]).all()
    assert found[east > 500] == pytest.approx(300)
    part = raster(tmp_path / "b.tif", lambda e, _: 300 + 0 * e, nodata=None, half=True)
    found = terrain.averages(part, Frame.around(cells), told=lambda: None)
    assert np.isnan(found).any()
    assert np.nanmin(found) == pytest.approx(300)  # beyond its edge it is not the sea


def test_a_pixel_without_end_is_unknown_and_does_not_spread(tmp_path, cells):
    path = raster(tmp_path / "a.tif", lambda e, _: np.where(e < 0, np.inf, 300 + 0 * e))
    found = terrain.terrain(path, Frame.around(cells), told=lambda: None)
    east = cells.middles[:, 0]
    assert np.isnan(found["slope"][east < -500]).all()
    assert found["elevation"][east > 500] == pytest.approx(300)


def test_a_raster_is_read_in_strips_with_the_same_numbers(tmp_path, cells, monkeypatch):
    path = raster(tmp_path / "dem.tif", lambda e, n: 400 + 0.2 * e + 30 * np.sin(n / 300))
    whole = terrain.terrain(path, Frame.around(cells), told=lambda: None)
    read = []
    monkeypatch.setattr(terrain, "STRIP_PIXELS", 1)
    strips = terrain.terrain(path, Frame.around(cells), told=lambda: read.append(1))
    assert len(read) == Frame.around(cells).height
    for name, values in whole.items():
        assert strips[name] == pytest.approx(values, abs=1e-6)


def test_only_a_geotiff_is_opened(tmp_path):
    path = tmp_path / "dem.tif"
    path.write_text("<VRTDataset rasterXSize='1' rasterYSize='1'></VRTDataset>")
    with pytest.raises(rasterio.errors.RasterioIOError):
        rasterio.open(path, driver=terrain.GEOTIFF[0])


def test_distance_is_that_to_the_line_in_metres(cells):
    lon, lat = cells.back.transform([0, 0], [-9_000, 9_000])
    found = nearest(cells, [LineString(zip(lon, lat, strict=True))])
    assert found == pytest.approx(np.abs(cells.middles[:, 0]), abs=2)
    lake = box(lon[0] - 0.01, 30.6, lon[0] + 0.01, 30.8)
    assert nearest(cells, [lake]).min() == 0
