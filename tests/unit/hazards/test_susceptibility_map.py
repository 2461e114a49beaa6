"""From records to a map in classes: worked by hand, tried on blocks not seen, twice the same."""

import json

import numpy as np
import pytest
from shapely import LineString, box
from sklearn.metrics import roc_auc_score

from hazards.evidence import grid
from hazards.susceptibility import mapping, ratio, trials
from hazards.susceptibility.distances import nearest
from hazards.susceptibility.proposing import Settlement, likely
from hazards.susceptibility.rules import FOLDS, Asked, Classed, Rejected, classed, classes, cuts
from tests.evidence import known
from tests.susceptibility import records_in

OUTLINE = box(108.20, 30.60, 108.50, 30.85)
SOURCES = {"elevation": {"name": "made-up", "digest": "d1"}}


@pytest.fixture(scope="module")
def cells():
    return grid.over(OUTLINE, wide_m=500)


@pytest.fixture(scope="module")
def values(cells):
    """Hills of 3 km, and a road through the middle."""
    x, y = cells.middles.T
    lon, lat = cells.back.transform([0, 0], [-20_000, 20_000])
    steep = 20 + 15 * np.sin(x / 900) * np.cos(y / 700)
    return {"slope": steep, "road": nearest(cells, [LineString(zip(lon, lat, strict=True))])}


@pytest.fixture(scope="module")
def slid(cells, values):
    """Slides on steep ground near the road, and a few anywhere: all by a seed."""
    dice = np.random.default_rng(7)
    likelihood = np.where(values["slope"] > 25, 8.0, 1.0) * np.where(values["road"] < 2_000, 5, 1)
    chosen = dice.choice(len(likelihood), 150, replace=False, p=likelihood / likelihood.sum())
    return records_in(cells, np.sort(chosen))


@pytest.fixture(scope="module")
def drawn(cells, values, slid):
    return mapping.mapped(cells, cells.counted(slid), values, seed=1)


def test_a_ratio_is_the_share_of_records_by_the_share_of_the_area():
    # Worked by hand after Lee and Talib (2005): 400 cells, 40 records; the steep class has 20
    # cells and 10 records: (10 / 40) / (20 / 400) = 5.
    factor = Classed("slope", np.repeat([0, 1], [380, 20]), ((None, 25.0), (25.0, None)))
    counts = np.zeros(400, np.int64)
    counts[:30], counts[390:] = 1, 1
    found = ratio.ratios(factor, counts)
    assert found.ratios == pytest.approx([0.75 / 0.95, 5.0])
    assert ratio.index([factor, factor], [found, found])[-1] == pytest.approx(10.0)
    none = ratio.ratios(factor, np.where(factor.codes == 0, counts, 0))
    assert none.ratios[1] == 0
    assert none.logs[1] == pytest.approx(np.log(1 / 31))  # rare, not impossible


def test_the_regression_weighs_a_factor_as_the_two_by_two_table_says():
    # With one factor of two classes a logistic regression is the table's odds ratio (Hosmer and
    # Lemeshow, Applied Logistic Regression, 3.1): here (60 · 320) / (40 · 80) = 6.
    factor = Classed("slope", np.repeat([0, 1], [360, 140]), ((None, 25.0), (25.0, None)))
    counts = np.concatenate((np.repeat([1, 0], [40, 320]), np.repeat([1, 0], [60, 80])))
    model, features = trials.regression([factor], counts, np.arange(500))
    odds = model.decision_function(features)
    assert odds[-1] - odds[0] == pytest.approx(np.log(6), rel=0.05)


def test_blocks_are_held_out_whole_and_every_part_has_records(cells, slid):
    counts = cells.counted(slid)
    part = trials.folds(cells.middles, counts, side_m=500, seed=1)
    sizes = [int(counts[part == n].sum()) for n in range(FOLDS)]
    assert sum(sizes) == len(slid)
    assert max(sizes) - min(sizes) <= 12
    key = {
        tuple(place): n
        for place, n in zip((cells.middles // 500).astype(int).tolist(), part, strict=True)
    }
    same = [n == key[x + 1, y] for (x, y), n in key.items() if (x + 1, y) in key]
    assert np.mean(same) > 0.85  # neighbours are mostly in one block
    assert (
        trials.folds(cells.middles, np.eye(1, len(part), 5, np.int64)[0], side_m=500, seed=1)
        is None
    )


def test_the_map_finds_what_the_slides_have_in_common(drawn):
    result = drawn.result
    assert result["outcome"] == mapping.MAPPED
    assert result["records"] == 150
    for trial in result["trials"].values():
        assert len(trial["aucs"]) == FOLDS
        assert 0.65 < trial["mean"] < 0.95
    top, *_, bottom = result["classes"]
    assert 0.02 < top["area_share"] <= 0.10  # cells that score alike go down together
    assert top["record_share"] > 0.25
    assert bottom["record_share"] < 0.1
    assert top["held_share"] > 0.2
    assert sum(line["records"] for line in result["classes"]) == 150
    assert sum(line["held_share"] for line in result["classes"]) == pytest.approx(1, abs=0.001)
    best = result["together"][0]
    assert {one["factor"] for one in best["classes"]} == {"slope", "road"}
    assert best["ratio"] > 2


def test_the_same_seed_gives_the_same_numbers_and_no_block_knows_its_own_records(
    cells, values, slid, drawn
):
    again = mapping.mapped(cells, cells.counted(slid), values, seed=1)
    assert json.dumps(again.result) == json.dumps(drawn.result)
    assert (again.classes == drawn.classes).all()
    other = mapping.mapped(cells, cells.counted(slid), values, seed=2)
    assert other.result["trials"] != drawn.result["trials"]
    assert other.result["classes"][0]["records"] == drawn.result["classes"][0]["records"]


def test_what_has_nothing_to_do_with_the_slides_says_nothing(cells, slid):
    noise = {"slope": 45 * np.random.default_rng(3).random(len(cells.middles))}
    found = mapping.mapped(cells, cells.counted(slid), noise, seed=1)
    assert found.result["trials"]["logistic"]["mean"] == pytest.approx(0.5, abs=0.08)


def test_too_few_records_or_no_factor_give_no_map(cells, values, slid):
    few = mapping.mapped(cells, cells.counted(slid[:20]), values, seed=1)
    assert (few.result["outcome"], few.is_drawn) == (mapping.TOO_FEW, False)
    assert few.result["hit"] == 20
    none = mapping.mapped(cells, cells.counted(slid), {}, seed=1)
    assert none.result["outcome"] == mapping.NO_FACTORS


def test_cells_without_a_value_are_left_out_and_counted(cells, values, slid):
    holed = {**values, "slope": np.where(cells.middles[:, 0] < -8_000, np.nan, values["slope"])}
    found = mapping.mapped(cells, cells.counted(slid), holed, seed=1)
    assert found.result["without"] == int((cells.middles[:, 0] < -8_000).sum())
    assert len(found.rows) + found.result["without"] == len(cells.middles)


def test_classes_are_drawn_as_shapes_that_cover_the_area_once(cells, drawn):
    shapes = mapping.zones(cells, drawn)
    assert {grade for grade, _ in shapes} == {1, 2, 3, 4, 5}
    x, y = cells.middles[drawn.rows[::97]].T
    lon, lat = cells.back.transform(x, y)
    from shapely import contains_xy

    for n, place in enumerate(zip(lon, lat, strict=True)):
        inside = [grade for grade, one in shapes if contains_xy(one, *place)]
        assert inside == [drawn.classes[n * 97]]


def test_a_settlement_beside_the_highest_class_is_proposed_with_what_drove_it(cells, drawn, slid):
    row = int(np.argmax(drawn.scores))
    lon, lat = cells.back.transform(*cells.middles[drawn.rows[row]])
    low = cells.back.transform(*cells.middles[drawn.rows[int(np.argmin(drawn.scores))]])
    homes = [
        Settlement("/a/", "大石村", "Dashi", lon, lat, 320),
        Settlement("/b/", "平坝村", "Pingba", *low, 80),
    ]
    (one,) = likely(cells, drawn, homes, slid, SOURCES)
    assert (one.facts["settlement"], one.facts["people"]) == ("大石村", 320)
    assert one.facts["ratio"] > 1
    assert {driver["factor"] for driver in one.facts["drivers"]} <= {"slope", "road"}
    assert "settlement:/a/" in one.keys
    other = {"elevation": {"name": "made-up", "digest": "d2"}}
    (changed,) = likely(cells, drawn, homes, slid, other)
    assert not changed.keys <= one.keys
    assert not {record.key for record in one.records} & one.keys  # a record alone is not this


def test_a_vague_record_is_no_place_and_figures_that_make_no_sense_are_refused():
    with pytest.raises(Rejected):
        Asked("geological", side_m=50_000).checked()
    assert known(OUTLINE.centroid, "2010-07-01", accuracy_m=50_000).reach_m > Asked("x").side_m


def test_directions_go_round_and_a_tie_goes_down():
    found = classed("aspect", np.array([-1.0, 0.0, 359.0, 45.0, 180.0, 300.0]))
    assert found.codes.tolist() == [0, 1, 1, 2, 5, 8]
    assert found.bounds[1] == (337.5, 22.5)
    scores = np.array([1.0] * 90 + [2.0] * 10)
    assert classes(scores, cuts(scores))[:90].max() < classes(scores, cuts(scores))[-1]
    # scikit-learn, roc_auc_score: its published example.
    assert roc_auc_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) == 0.75
