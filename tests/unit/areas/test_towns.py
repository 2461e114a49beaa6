"""Towns get the point that bears their name, and none that is not clear."""

import pytest
from shapely import Point

from gis.areas import rules, towns
from gis.areas.english import Speller
from gis.areas.rules import AreaLevel
from gis.areas.towns import Seat
from gis.errors import Rejected, Unavailable


def seat(*names):
    return Seat(frozenset(names), Point(108, 30), 100)


def test_the_whole_name_goes_before_the_bare_one():
    whole, bare = seat("Longju", "龙驹镇"), seat("龙驹")
    assert towns.match(["龙驹镇"], [bare, whole]) == {"龙驹镇": whole}
    assert towns.match(["龙驹镇"], [bare]) == {"龙驹镇": bare}


def test_what_is_not_clear_stays_without_a_point():
    assert towns.match(["白沙镇"], [seat("白沙"), seat("白沙")]) == {}
    assert towns.match(["城东街道", "城东镇"], [seat("城东")]) == {}
    assert towns.match(["白沙镇"], []) == {}


def test_one_seat_serves_one_town():
    only = seat("太平镇")
    assert towns.match(["太平镇", "太平乡"], [only]) == {"太平镇": only}


def test_a_missing_list_says_what_to_do(tmp_path):
    with pytest.raises(Unavailable, match="Run make run"):
        towns.read_towns(tmp_path / "streets.json", districts=[])


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("重庆市", "Chongqing"),
        ("忠县", "Zhong County"),
        ("彭水苗族土家族自治县", "Pengshui Miao and Tujia Autonomous County"),
        ("浩口苗族仡佬族乡", "Haokou Miao and Gelao Ethnic Township"),
        ("长安镇", "Chang'an Town"),
        ("龙头寺社区", "Longtousi Community"),
        ("某地", "Moudi"),
    ],
)
def test_names_are_spelt_with_the_kind_of_area(chinese, english):
    assert Speller({"长": "chang"}).name(chinese) == english


@pytest.mark.parametrize(
    ("code", "level", "above"),
    [
        ("500000", AreaLevel.CITY, None),
        ("500101", AreaLevel.DISTRICT, "500000"),
        ("500101001", AreaLevel.STREET, "500101"),
        ("500101001002", AreaLevel.COMMUNITY, "500101001"),
        ("500101001002003", AreaLevel.GRID, "500101001002"),
    ],
)
def test_a_code_tells_its_level_and_what_is_above(code, level, above):
    assert (rules.level_of(code), rules.parent_code(code)) == (level, above)


@pytest.mark.parametrize("code", ["", "5001", "50010", "50010A", "500101 ", "5001010010020031"])
def test_what_is_no_code_is_refused(code):
    with pytest.raises(Rejected, match="is no area code"):
        rules.level_of(code)
