"""How a house lies to a danger, whom cards are for, and when everybody has one."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, box

from gis.errors import Rejected
from rescue_app.papers import rules
from rescue_app.papers.rules import DIRECTIONS, GLOBE, Kind, Standing, Way, Whose

SLOPE = Point(108.35, 30.80)


@given(azimuth=st.integers(0, 359), metres=st.integers(20, 5_000))
def test_a_house_is_told_by_the_eighth_of_the_compass_that_it_lies_in(azimuth, metres):
    lon, lat, _ = GLOBE.fwd(SLOPE.x, SLOPE.y, azimuth, metres)
    told = rules.way(SLOPE, Point(lon, lat))
    middle = DIRECTIONS.index(told.direction) * 45
    assert min((azimuth - middle) % 360, (middle - azimuth) % 360) <= 23
    assert abs(told.metres - metres) <= (5.5 if metres < 990 else 55)


def test_a_house_is_measured_from_the_edge_of_a_drawn_danger_and_stands_in_it_or_not():
    drawn = box(108.34, 30.79, 108.36, 30.81)
    assert rules.way(drawn, SLOPE) == Way(0, "")
    lon, lat, _ = GLOBE.fwd(108.36, 30.80, 90, 240)
    assert rules.way(drawn, Point(lon, lat)) == Way(240, "east")


def test_whoever_has_several_posts_at_a_point_gets_one_card():
    found = rules.holders(
        owner=("王建国", "1", "村主任"), monitoring=("王建国", "1", ""),
        monitors=[{"name": "李明", "phone": "2"}, {"name": " ", "phone": ""}],
    )  # fmt: skip
    assert [(one.post, one.name) for one in found] == [("owner", "王建国"), ("monitor", "李明")]


def test_only_when_all_that_are_known_have_a_card_is_it_complete():
    home, away = uuid4(), uuid4()
    refuge = Whose(Kind.REFUGE, home)
    work = Whose(Kind.WORK, None, "李明")
    assert rules.complete(households=[home], names=["李明"], given=[refuge, work])
    assert not rules.complete(households=[home, away], names=["李明"], given=[refuge, work])
    assert not rules.complete(households=[home], names=["李明", "王五"], given=[refuge, work])
    assert not rules.complete(households=[], names=["李明"], given=[work]), "no household is known"


def test_the_same_state_of_a_point_asks_the_ledger_once():
    point = uuid4()
    asked = rules.case_of(point, 3, True, 0)
    assert asked == rules.case_of(point, 3, True, 0) != rules.case_of(point, 4, True, 0)
    assert len({asked, rules.case_of(point, 3, False, 1), rules.case_of(point, 3, True, 1)}) == 3


def test_a_card_is_not_handed_out_tomorrow():
    today = date(2026, 11, 28)
    assert rules.checked_day(today, today=today) == today
    with pytest.raises(Rejected):
        rules.checked_day(today + timedelta(days=1), today=today)


def test_a_card_is_old_once_the_records_say_something_else_and_unknown_where_nobody_knows():
    now = rules.state_of(["李明", 1])
    assert rules.standing(now, rules.state_of(["李明", 1])) is Standing.CURRENT
    assert rules.standing(now, rules.state_of(["李明", 2])) is Standing.OLD
    assert rules.standing(now, None) is Standing.OLD
    assert rules.standing("", now) is Standing.UNKNOWN
