"""Coordinates as people paste them from messages, maps and old tables."""

import pytest

from gis import coordinates, crs
from gis.errors import Rejected

HERE = (108.38, 30.81)


@pytest.mark.parametrize(
    "typed",
    [
        "108.38,30.81",
        " 108.38 30.81 ",
        "108.38，30.81",
        "(108.38; 30.81)",
        "30°48′36″N 108°22′48″E",
        "30°48'36\"N, 108°22'48\"E",
        "30°48'36''N 108°22'48''E",
        "北纬30度48分36秒 东经108度22分48秒",
        "东经108°22′48″，北纬30°48′36″",
        "N30.81 E108.38",
        "30.81N 108.38E",
        "108°22′48″ 30°48′36″",
        "30°48.6′N 108°22.8′E",
        "WGS84: 108.38 30.81",
        "cgcs2000 108.38,30.81",
        "国家2000坐标 108.38,30.81",
    ],
)
def test_a_place_is_read_from_any_writing(typed):
    spot = coordinates.read(typed)
    assert (spot.lon, spot.lat) == pytest.approx(HERE, abs=1e-6)
    assert not spot.swapped


@pytest.mark.parametrize(
    ("typed", "system"),
    [
        ("gcj {x} {y}", crs.GCJ02),
        ("GCJ-02：{x}，{y}", crs.GCJ02),
        ("高德坐标 {x},{y}", crs.GCJ02),
        ("百度 {x} {y}", crs.BD09),
        ("bd09 {x},{y}", crs.BD09),
        ("{x},{y} (BD-09)", crs.BD09),
    ],
)
def test_a_shifted_system_is_moved_back(typed, system):
    (x,), (y,) = crs.from_wgs84([HERE[0]], [HERE[1]], crs=system)
    spot = coordinates.read(typed.format(x=x, y=y))
    assert (spot.lon, spot.lat) == pytest.approx(HERE, abs=1e-6)
    assert spot.crs == system


def test_latitude_first_is_turned_round_and_said():
    spot = coordinates.read("30.81,108.38")
    assert (spot.lon, spot.lat) == HERE
    assert spot.swapped


@pytest.mark.parametrize(
    "text", ["大石坡 3 号", "500101", "108.38", "", "3-5-7", "YT-108-30", "1 2 3", "2000 108 30"]
)
def test_words_and_numbers_of_other_things_are_no_place(text):
    assert coordinates.read(text) is None


@pytest.mark.parametrize("text", ["120.5,95.2", "30°75′00″N 108°00′00″E"])
def test_what_is_on_no_map_is_refused_with_the_reason(text):
    with pytest.raises(Rejected):
        coordinates.read(text)
