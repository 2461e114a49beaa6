"""Which way water runs, and what lies above and below a place on it; no database."""

import pytest
from shapely import LineString, MultiLineString, Point, box

from gis.flow import Side, downhill, side

RIVER = LineString([(108.0, 30.0), (108.1, 30.05), (108.2, 30.0)])
BRANCH = LineString([(108.1, 30.2), (108.1, 30.05)])
DAM = Point(108.05, 30.03)


@pytest.mark.parametrize(
    ("courses", "spot", "where"),
    [
        ([RIVER], (108.15, 30.03), Side.DOWN),
        ([RIVER], (108.01, 30.02), Side.UP),
        ([RIVER.reverse()], (108.01, 30.02), Side.DOWN),
        ([RIVER], (108.05, 30.0302), Side.UNKNOWN),  # beside it
        ([RIVER, BRANCH], (108.15, 30.03), Side.DOWN),  # past where the branch comes in
        ([RIVER, BRANCH], (108.11, 30.15), Side.UNKNOWN),  # up another valley
        ([], (108.15, 30.03), Side.UNKNOWN),
    ],
)
def test_a_spot_lies_below_or_above_a_dam_along_the_water(courses, spot, where):
    assert side(courses, place=DAM, spot=Point(spot)) is where


def test_pieces_that_meet_nearly_are_one_river_and_one_by_itself_is_none():
    first = LineString([(108.0, 30.0), (108.1, 30.0)])
    second, other = (LineString([(x, 30.0), (x + 0.1, 30.0)]) for x in (108.1003, 108.3))
    dam, below, elsewhere = Point(108.05, 30), Point(108.15, 30), Point(108.35, 30)
    assert side([first, second, other], place=dam, spot=below) is Side.DOWN
    assert side([first, second, other], place=below, spot=dam) is Side.UP
    assert side([first, second, other], place=dam, spot=elsewhere) is Side.UNKNOWN


def test_courses_are_turned_downhill_and_where_heights_do_not_say_nothing_is_claimed():
    def falling(lon, lat):
        return 100 + 1_000 * (lon - 108)  # it falls to the west

    assert downhill(RIVER, falling) == RIVER.reverse()
    assert downhill(RIVER.reverse(), falling) == RIVER.reverse()
    both = MultiLineString([RIVER, BRANCH])
    assert downhill(both, falling) is None  # the branch runs level
    assert downhill(RIVER, lambda *_: None) is None
    assert downhill(box(108, 30, 109, 31), falling) is None
