"""The way round: every stop once, never longer than by nearest neighbour, no crossing left."""

from itertools import pairwise, permutations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point

from hazards.tasks.route import legs_m, order

START = Point(108.35, 30.80)
spots = st.builds(Point, st.floats(108.30, 108.40), st.floats(30.75, 30.85))


def length_m(places, way):
    return sum(legs_m([places[n] for n in way], start=START))


@settings(max_examples=40, deadline=None)
@given(st.lists(spots, min_size=1, max_size=7))
def test_the_way_takes_every_stop_once_and_is_close_to_the_shortest(places):
    way = order(places, start=START)
    assert sorted(way) == list(range(len(places)))
    shortest = min(length_m(places, each) for each in permutations(range(len(places))))
    assert length_m(places, way) <= shortest * 1.35 + 1


def test_a_street_along_a_road_is_walked_from_end_to_end():
    places = [Point(108.35 + n / 500, 30.80) for n in (5, 1, 4, 2, 3)]
    assert order(places, start=START) == [1, 3, 4, 2, 0]
    assert [round(m) for m in legs_m([places[1]], start=START)] == [191]


def test_two_hundred_stops_leave_no_crossing():
    rng = np.random.default_rng(1)
    places = [Point(x, y) for x, y in rng.uniform((108.3, 30.7), (108.4, 30.9), (200, 2))]
    way = order(places, start=START)
    lines = [(places[a], places[b]) for a, b in pairwise(way)]
    assert not any(
        crosses(*first, *second) for n, first in enumerate(lines) for second in lines[n + 2 :]
    )


def crosses(a, b, c, d):
    def side(p, q, r):
        return (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x)

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


def test_nothing_to_do_is_no_way():
    assert order([]) == []
    assert legs_m([]) == []
