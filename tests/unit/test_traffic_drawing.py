"""The small map of a closure, as it is drawn behind a code."""

from shapely import LineString, Point

from qr_codes.traffic.drawing import drawn
from qr_codes.traffic.models import TrafficPlan


def test_a_road_near_by_that_does_not_reach_into_the_frame_breaks_nothing():
    plan = TrafficPlan(stops=[{"lon": 108.35, "lat": 30.8, "name": "西"}], detour=None)
    far = LineString([(108.9, 30.8), (108.9, 30.9)])
    near = LineString([(108.349, 30.8), (108.351, 30.8)])
    made = drawn(Point(108.35, 30.8), plan, [far, near])
    assert made.around[0] == ""
    assert made.around[1].startswith("M")
