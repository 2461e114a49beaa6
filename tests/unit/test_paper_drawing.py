"""A map on paper: its scale bar is true, north is up, and numbers do not cover each other."""

import re

from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from rescue_app.papers import drawing
from rescue_app.papers.drawing import WIDE, Sign
from rescue_app.papers.rules import GLOBE


@given(
    lon=st.floats(105.3, 110.1), lat=st.floats(28.2, 32.1),
    wide=st.floats(0.002, 1.5), tall=st.floats(0.002, 1.5),
)  # fmt: skip
def test_the_scale_bar_is_as_long_as_it_says_wherever_the_map_is(lon, lat, wide, tall):
    seen = drawing.frame([box(lon, lat, lon + wide, lat + tall)], high=760)
    metres = drawing.scale_m(seen)
    units = metres / seen.m_per_unit
    middle = (seen.south + seen.north) / 2
    degrees = units / WIDE * (seen.east - seen.west)
    true_m = GLOBE.inv(seen.west, middle, seen.west + degrees, middle)[2]
    assert abs(true_m - metres) / metres < 0.005
    assert WIDE / 12 < units <= WIDE / 4
    up = GLOBE.inv(lon, seen.south, lon, seen.north)[2] / 760
    assert abs(up - seen.m_per_unit) / up < 0.02, "as wide as high"


def test_all_that_is_shown_lies_in_the_picture_and_north_is_up():
    seen = drawing.frame([box(108.3, 30.7, 108.4, 30.9)], high=760)
    (west, north), (east, south) = seen.at(108.3, 30.9), seen.at(108.4, 30.7)
    assert 0 < west < east < WIDE
    assert 0 < north < south < 760


def test_numbers_that_would_cover_others_are_left_out_and_no_sign_is():
    seen = drawing.frame([box(108.3, 30.7, 108.4, 30.9)], high=760)
    signs = [Sign(108.35, 30.8, "I", "1"), Sign(108.35, 30.8, "IV", "2"),
             Sign(108.39, 30.71, "II", "3")]  # fmt: skip
    made = drawing.picture(seen, around=[], here=[], water=[], signs=signs, font="x")
    assert re.findall(r'class="no"[^>]*>(\d)<', made) == ["1", "3"]
    assert made.count('class="sign"') == 3


def test_names_do_not_cover_each_other_and_where_there_is_no_room_the_page_stands_alone():
    seen = drawing.frame([box(108.3, 30.7, 108.4, 30.9)], high=760)
    close = [("Taibai Subdistrict 14", box(108.34, 30.79, 108.36, 30.81)),
             ("Pailou Subdistrict 15", box(108.388, 30.799, 108.39, 30.801)),
             ("Longdu", box(108.35, 30.795, 108.352, 30.797)),
             ("Far Ethnic Township 9", box(108.495, 30.71, 108.497, 30.711))]  # fmt: skip
    made = drawing.picture(seen, around=[], here=[], water=[], names=close, font="x")
    named = re.findall(r'class="name" x="(\d+)"[^>]*>([^<]*)<', made)
    assert [name for _, name in named][:2] == ["Taibai Subdistrict 14", "15"]
    assert "Longdu" not in made
    assert [float(x) < WIDE - 80 for x, name in named if name.startswith("Far")] == [True]


def test_a_name_moves_within_its_street_where_its_middle_is_taken():
    street, lane = box(0, 0, 1, 1), box(0.48, 0.48, 0.52, 0.52)
    seen = drawing.frame([street], high=1_000)
    named = [("巷 3", lane), ("太白街道 4", street)]
    made = drawing.picture(seen, around=[], here=[], water=[], names=named, font="x")
    assert "巷 3" in made
    assert "太白街道 4" in made


def test_a_picture_is_no_higher_than_its_ground_needs():
    highs = [drawing.frame([box(0, 0, *far)], high=900, least=400).high
             for far in ((2, 1), (9, 1), (1, 9))]  # fmt: skip
    assert [round(high) for high in highs] == [500, 400, 900]
