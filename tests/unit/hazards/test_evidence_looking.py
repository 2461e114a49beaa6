"""From records to findings: which places they speak for, with numbers that come out the same."""

import json
from random import Random

import pytest
from shapely import box

from hazards.evidence import grid, looking, rules
from hazards.evidence.looking import look
from hazards.evidence.rules import Asked, State
from hazards.points.rules import Evidence
from tests.evidence import beside, known, slides
from tests.world import IN_GAOSUNTANG, IN_TAIBAI

ASKED = Asked("geological")


def test_a_place_where_it_came_six_times_says_how_often_and_how_sure():
    found = look(slides(IN_GAOSUNTANG), ASKED)
    (place,) = found.findings
    assert (place.evidence, place.hazard_type) == (Evidence.HIGH_FREQUENCY, "landslide")
    facts = place.facts
    assert (facts["records"], facts["occurrences"]) == (7, 6)
    assert (facts["within_m"], facts["years"]) == (300, 11.1)
    # Exact Poisson limits of 6 are 2.202 and 13.059.
    assert facts["every_years"] == pytest.approx(11.1 / 6, abs=0.02)
    assert facts["every_least_years"] == pytest.approx(11.1 / 13.059, abs=0.02)
    assert facts["every_most_years"] == pytest.approx(11.1 / 2.202, abs=0.02)
    assert facts["trend"] == "none"


def test_the_same_records_give_the_same_numbers_in_whatever_order_they_come():
    records = [*slides(IN_GAOSUNTANG), known(IN_TAIBAI, "2011-05-05")]
    shuffled = Random(1).sample(records, len(records))
    one, other = look(records, ASKED), look(shuffled, ASKED)
    assert json.dumps(one.vintage) == json.dumps(other.vintage)
    assert [f.facts for f in one.findings] == [f.facts for f in other.findings]
    assert [f.keys for f in one.findings] == [f.keys for f in other.findings]


def test_a_record_good_to_fifty_kilometres_is_no_place_and_is_counted_as_left_out():
    vague = [known(IN_GAOSUNTANG, f"20{n}-07-01", accuracy_m=50_000) for n in range(10, 16)]
    unknown = known(IN_GAOSUNTANG, "2019-07-01", accuracy_m=None)
    found = look([*vague, unknown], ASKED)
    assert found.findings == ()
    assert (found.vintage["records"], found.vintage["too_vague"]) == (7, 7)


def test_what_is_too_vague_for_a_place_still_says_how_often_it_came_over_the_whole_area():
    vague = [known(IN_GAOSUNTANG, f"20{n}-07-01", accuracy_m=50_000) for n in range(10, 16)]
    storm = known(IN_TAIBAI, "2012-07-03", accuracy_m=25_000)
    exact = known(IN_TAIBAI, "2020-07-01")
    told = looking.over_the_area([*vague, storm, exact], ASKED)
    assert (told["occurrences"], told["years"]) == (6, 10.0)
    assert told["every_least_years"] < told["every_years"] == 1.67 < told["every_most_years"]
    assert looking.over_the_area([exact], ASKED) == {}


def test_too_few_records_or_one_storm_are_history_and_not_frequency():
    two = [known(IN_GAOSUNTANG, "2010-07-01"), known(IN_GAOSUNTANG, "2012-07-01")]
    storm = [known(beside(IN_TAIBAI, 50 * n), "2014-09-0" + str(n + 1)) for n in range(4)]
    found = look([*two, *storm], ASKED).findings
    assert [(f.evidence, f.facts["records"], f.facts["occurrences"]) for f in found] == [
        (Evidence.HISTORICAL, 4, 1),
        (Evidence.HISTORICAL, 2, 2),
    ]
    assert "years" not in found[0].facts


def test_a_corrected_record_is_another_vintage():
    before = known(IN_GAOSUNTANG, "2010-07-01")
    after = known(IN_GAOSUNTANG, "2010-07-01", accuracy_m=500)
    assert before.key != after.key
    assert before.key == known(IN_GAOSUNTANG, "2010-07-01").key


def test_what_was_decided_comes_back_only_with_another_record():
    decided = rules.by_key([frozenset("abc"), frozenset("x")])
    assert not rules.is_new(frozenset("abc"), decided)
    assert not rules.is_new(frozenset("ab"), decided)
    assert rules.is_new(frozenset("abcd"), decided)
    assert rules.next_state(State.OPEN, State.REJECTED) is State.REJECTED
    with pytest.raises(rules.Conflict):
        rules.next_state(State.MERGED, State.REJECTED)


@pytest.mark.parametrize("wrong", [{"within_m": 10}, {"fewest": 1}, {"apart_days": 99}])
def test_figures_that_make_no_sense_are_refused(wrong):
    with pytest.raises(rules.Rejected):
        Asked("geological", **wrong).checked()


def test_cells_are_hot_where_records_heap_and_only_exact_ones_are_counted():
    outline = box(108.3, 30.7, 108.4, 30.8)
    spot = beside(IN_GAOSUNTANG, 0, -5_000)
    heap = [known(beside(spot, 150 * n), f"20{n:02}-07-01") for n in range(12)]
    vague = [known(spot, "2001-01-01", accuracy_m=5_000)]
    found = grid.hot_cells(outline, [*heap, *vague])
    assert (found["side_m"], found["records"]) == (500.0, 12)
    assert found["cells"] == pytest.approx(106.6e6 / 500**2, rel=0.05)
    hot = [cell for cell in found["shown"] if cell["hot"]]
    assert sum(cell["records"] for cell in hot) >= 9
    assert 4 < len(hot) == found["hot"] < 25
    (west, south), (east, north) = hot[0]["ring"][0], hot[0]["ring"][2]
    assert (east - west) * 95_600 == pytest.approx(500, rel=0.02)
    assert (north - south) * 110_860 == pytest.approx(500, rel=0.02)
