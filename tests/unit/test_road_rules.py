"""Lines become a graph: split where they meet, nothing lost, each piece between two nodes."""

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, MultiLineString

from gis.errors import Rejected
from gis.roads import rules

# Points of a coarse grid, so that lines often share some.
corner = st.tuples(st.integers(0, 4), st.integers(0, 4)).map(lambda p: (p[0] / 100, p[1] / 100))
road = st.lists(corner, min_size=2, max_size=6).filter(
    lambda points: any(a != b for a, b in pairwise(points))
)


def test_a_road_is_split_where_another_begins():
    made = rules.graph([LineString([(0, 0), (1, 0), (2, 0)]), LineString([(1, 0), (1, 1)])])
    assert len(made.nodes) == 4
    assert sorted(made.roads.tolist()) == [0, 0, 1]
    assert [len(line.coords) for line in made.lines] == [2, 2, 2]


def test_a_corner_that_nobody_shares_is_no_crossing():
    made = rules.graph([LineString([(0, 0), (1, 0), (2, 1)])])
    assert (len(made.nodes), made.ends.tolist()) == (2, [[1, 2]])


def test_ends_a_hair_apart_are_one_crossing_and_parts_of_a_road_are_its_pieces():
    made = rules.graph([MultiLineString([[(0, 0), (1, 0)], [(1.00000001, 0), (2, 0)]])])
    assert len(made.nodes) == 3
    assert made.roads.tolist() == [0, 0]


@given(st.lists(road, min_size=1, max_size=8))
def test_every_piece_lies_between_two_nodes_and_no_metre_is_lost(points):
    lines = [LineString(one) for one in points]
    made = rules.graph(lines)
    for line, (a, b) in zip(made.lines, made.ends - 1, strict=True):
        assert np.allclose(made.nodes[a], line.coords[0], atol=1e-6)
        assert np.allclose(made.nodes[b], line.coords[-1], atol=1e-6)
        assert a != b
    pieces = sum(line.length for line in made.lines)
    # What comes back to where it began, touching nobody, leads nowhere and is left out.
    assert pieces <= sum(line.length for line in lines) + 1e-9
    assert len(np.unique(made.nodes, axis=0)) == len(made.nodes)


@given(st.lists(corner, min_size=2, max_size=6, unique=True))
def test_a_road_without_loops_keeps_its_length(points):
    made = rules.graph([LineString(points)])
    assert sum(shapely.length(made.lines)) == pytest.approx(LineString(points).length)


def test_nothing_is_no_graph():
    with pytest.raises(Rejected):
        rules.graph([])


@pytest.mark.parametrize(
    ("said", "forth", "back"), [("yes", True, False), ("-1", False, True), ("no", True, True)]
)
def test_a_one_way_road_is_driven_one_way(said, forth, back):
    assert rules.ways(said) == (forth, back)


def test_a_slip_road_is_driven_like_its_road_and_an_unknown_kind_like_any_other():
    speeds = {"trunk": 50.0, "default": 25.0}
    assert rules.speed("trunk_link", speeds) == 50
    assert rules.speed("", speeds) == rules.speed("hollow_way", speeds) == 25
