"""The length of a way: jumps left out, and the same whatever came first."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import Conflict, Rejected
from qr_codes.tracks import rules
from qr_codes.tracks.rules import Spot

BEGAN = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
STEP_DEG = 20 / rules.METRES_PER_DEGREE


def spot(n, *, north_m=None, seconds=None, accuracy_m=5.0):
    lat = 30.8 + (n * 20 if north_m is None else north_m) / rules.METRES_PER_DEGREE
    at = BEGAN + timedelta(seconds=n * 15 if seconds is None else seconds)
    return Spot(n, at, 108.4, lat, accuracy_m)


WALK = [spot(n) for n in range(51)]


def test_a_kilometre_on_foot_is_a_kilometre():
    assert rules.length_m(WALK) == pytest.approx(1000, abs=2)


def test_a_jump_of_gps_adds_nothing():
    jump = spot(10, north_m=40_000)
    assert rules.length_m([*WALK[:10], jump, *WALK[11:]]) == pytest.approx(1000, abs=2)
    first = spot(0, north_m=40_000)
    assert rules.length_m([first, *WALK[1:]]) == pytest.approx(980, abs=2)


def test_a_phone_that_lies_still_walks_nowhere():
    lying = [spot(n, north_m=(n % 2) * 6) for n in range(200)]
    assert rules.length_m(lying) == 0


def test_blurred_places_do_not_count():
    assert rules.length_m([spot(n, accuracy_m=200) for n in range(50)]) == 0


def test_after_a_tunnel_a_new_stretch_begins_and_the_jump_itself_is_not_walked():
    beyond = [spot(n, north_m=30_000 + n * 20) for n in range(51, 102)]
    assert len(rules.way([*WALK, *beyond])) == 2
    assert rules.length_m([*WALK, *beyond]) == pytest.approx(2000, abs=4)


@given(st.permutations([*WALK, spot(60, north_m=50_000), spot(61, accuracy_m=500)]))
def test_whatever_comes_first_the_way_is_the_same(shuffled):
    assert rules.length_m(shuffled) == pytest.approx(1000, abs=2)
    assert rules.way(shuffled) == rules.way(sorted(shuffled, key=lambda one: one.n))


def test_a_track_is_kept_as_long_as_was_promised_and_an_old_one_is_not_taken_again():
    assert rules.keep_until(BEGAN, days=7, now=BEGAN) == BEGAN + timedelta(days=7)
    with pytest.raises(Conflict, match="older than tracks are kept"):
        rules.keep_until(BEGAN, days=7, now=BEGAN + timedelta(days=7))
    with pytest.raises(Rejected, match="more than a day ahead"):
        rules.keep_until(BEGAN, days=7, now=BEGAN - timedelta(days=2))
