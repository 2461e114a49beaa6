"""Places survive every coordinate system that people send, to the centimetre."""

import numpy as np
import pytest
import shapely
from shapely import Polygon, box

from gis import crs
from gis.errors import Rejected

CENTIMETRE = 0.01
# Over Chongqing and right at the seams of the waves.
LON, LAT = (
    a.ravel() for a in np.meshgrid(np.linspace(105.2, 110.2, 41), np.linspace(28.1, 32.3, 41))
)


@pytest.mark.parametrize(
    ("lon", "lat", "shifted_lon", "shifted_lat"),
    [
        (121.5272106, 31.1774276, 121.531541859, 31.175303984),
        (113.912316, 22.543847, 113.917176481, 22.540796132),
        (116.377817, 39.911954, 116.384047225, 39.913345455),
    ],
)
def test_gcj02_agrees_with_the_published_examples(lon, lat, shifted_lon, shifted_lat):
    """The three pairs that the public converters (eviltransform) are tested with."""
    found = crs.from_wgs84(lon, lat, crs="GCJ-02")
    assert found == (pytest.approx(shifted_lon, abs=1e-6), pytest.approx(shifted_lat, abs=1e-6))


def test_gcj02_moves_chongqing_by_some_four_hundred_metres():
    moved = crs.from_wgs84(LON, LAT, crs="GCJ-02")
    shift = crs.distance_m(LON, LAT, *moved)
    assert 300 < np.median(shift) < 700


ZONES = ("EPSG:4490", "EPSG:4524", "EPSG:4545", "EPSG:32648", "EPSG:3857")


@pytest.mark.parametrize("name", ["GCJ-02", "BD-09", *ZONES])
def test_there_and_back_is_the_same_place_to_the_centimetre(name):
    back = crs.to_wgs84(*crs.from_wgs84(LON, LAT, crs=name), crs=name)
    assert crs.distance_m(LON, LAT, *back).max() < CENTIMETRE


def test_outside_china_nothing_is_shifted():
    assert crs.to_wgs84([2.35], [48.85], crs="GCJ-02") == (np.array([2.35]), np.array([48.85]))


def test_a_three_degree_zone_gives_longitude_and_latitude():
    # Central meridian 108 E, zone 36: an easting of 36,500,000 lies on it.
    lon, lat = crs.to_wgs84([36_500_000], [3_400_000], crs="EPSG:4524")
    assert lon[0] == pytest.approx(108, abs=1e-9)
    assert lat[0] == pytest.approx(30.72, abs=0.02)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("wgs84", "EPSG:4326"),
        ("EPSG:4326", "EPSG:4326"),
        ("cgcs2000", "EPSG:4490"),
        ("gcj02", "GCJ-02"),
        ("高德", "GCJ-02"),
        ("百度", "BD-09"),
        ("epsg:4524", "EPSG:4524"),
        ("CGCS2000 / 3-degree Gauss-Kruger zone 36", "EPSG:4524"),
    ],
)
def test_a_system_has_one_spelling(said, meant):
    assert crs.named(said) == meant


@pytest.mark.parametrize("name", ["", "mars", "EPSG:99999999", "http://x"])
def test_an_unknown_system_is_refused_with_the_ones_to_try(name):
    with pytest.raises(Rejected, match="Try EPSG:4326"):
        crs.to_wgs84([1], [1], crs=name)


@pytest.mark.parametrize("name", ["EPSG:4214", "EPSG:2384", "EPSG:4610"])
def test_old_datums_are_refused_not_silently_moved(name):
    with pytest.raises(Rejected, match="about 100 m off"):
        crs.to_wgs84([108], [30], crs=name)


def test_bare_coordinates_are_recognised():
    assert crs.guess([108.1], [30.2]) == "EPSG:4326"
    assert crs.guess([36_512_345, np.nan], [3_400_000, 1]) == "EPSG:4524"
    assert crs.guess([18_512_345], [3_400_000]) == "EPSG:4496"
    assert crs.guess([512_345], [3_400_000]) is None
    assert crs.guess([], []) is None


def test_shapes_move_as_wholes_and_missing_ones_stay_missing():
    square = shapely.box(36_500_000, 3_400_000, 36_501_000, 3_401_000)
    moved = crs.shapes_to_wgs84([square, None], crs="EPSG:4524")
    assert moved[1] is None
    assert crs.area_m2(moved[0]) == pytest.approx(1e6, rel=1e-3)


def test_metres_are_true_metres():
    here = shapely.Point(108.4, 30.8)
    circle = crs.buffer(here, radius_m=250)
    edge = shapely.get_coordinates(circle)
    assert crs.distance_m(here.x, here.y, edge[:, 0], edge[:, 1]) == pytest.approx(250, abs=0.5)
    assert crs.area_m2(circle) == pytest.approx(np.pi * 250**2, rel=0.01)
    east, north = crs.offset_m(*(np.array([v]) for v in (108.4, 30.8, 108.41, 30.79)))
    assert (east[0], north[0]) == (pytest.approx(956, abs=2), pytest.approx(-1113, abs=5))
    assert crs.length_m(shapely.LineString([(108.4, 30.8), (108.4, 30.81)])) == pytest.approx(
        1109, abs=2
    )


@pytest.mark.parametrize("turned", [1, -1])
def test_a_hole_is_no_part_of_the_area_whichever_way_it_is_drawn(turned):
    ring, hole = (list(box(*bounds).exterior.coords) for bounds in ((0, 0, 4, 4), (1, 1, 3, 3)))
    solid = crs.area_m2(Polygon(ring))
    assert crs.area_m2(Polygon(ring, [hole[::turned]])) == pytest.approx(solid * 3 / 4, rel=0.01)
