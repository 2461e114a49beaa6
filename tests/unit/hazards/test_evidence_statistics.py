"""Numbers behind the evidence: as tables, text books and the libraries' own examples have them."""

import math

import numpy as np
import pytest
from scipy import stats
from sklearn.cluster import DBSCAN

from gis.errors import Rejected
from hazards.evidence import backing, clusters, recurrence
from hazards.evidence.backing import Certainty, share_within
from hazards.evidence.recurrence import Trend, occurrences, tendency
from hazards.evidence.rules import Span


@pytest.mark.parametrize(
    ("distance_m", "accuracy_m", "share"),
    [
        (0, 0, 1),
        (500, 0, 1),
        (501, 0, 0),
        (200, 250, 1),
        (0, 1_000, 0.25),
        (300, 50_000, 0.0001),
        (0, None, 0.0004),
        (1_501, 1_000, 0),
    ],
)
def test_a_record_counts_by_the_share_of_its_circle_within_reach(distance_m, accuracy_m, share):
    assert share_within(distance_m, accuracy_m=accuracy_m) == pytest.approx(share)


def test_the_share_is_what_throwing_darts_into_the_circle_gives():
    darts = np.random.default_rng(7)
    radius = 700 * np.sqrt(darts.random(200_000))
    angle = darts.random(200_000) * 2 * math.pi
    hit = np.hypot(450 + radius * np.cos(angle), radius * np.sin(angle)) <= 500
    assert share_within(450, accuracy_m=700) == pytest.approx(hit.mean(), abs=0.005)


def test_no_record_good_to_fifty_kilometres_is_ever_behind_a_point():
    assert backing.certainty(share_within(0, accuracy_m=50_000)) is Certainty.UNLIKELY
    assert backing.certainty(share_within(0, accuracy_m=backing.FURTHEST_M - 1)) is Certainty.LIKELY
    assert backing.certainty(share_within(100, accuracy_m=250)) is Certainty.SURE


# Exact limits of a Poisson mean at 95 %, as printed (Garwood 1936; Ulm 1990).
@pytest.mark.parametrize(
    ("count", "lowest", "highest"),
    [(0, 0, 3.689), (1, 0.0253, 5.572), (7, 2.814, 14.423), (10, 4.795, 18.391)],
)
def test_a_rate_has_its_exact_poisson_interval(count, lowest, highest):
    found = recurrence.recurrence(count, years=2)
    assert (found.lowest * 2, found.highest * 2) == pytest.approx((lowest, highest), abs=0.001)
    assert found.rate == count / 2
    assert stats.poisson.cdf(count, found.highest * 2) == pytest.approx(0.025)


def test_records_of_one_storm_are_one_occurrence_and_a_vague_one_joins_what_it_may_be():
    days = [Span(day, day) for day in (10, 12, 14, 100)]
    in_that_year, in_another = Span(0, 364), Span(400, 764)
    found = occurrences([*days, in_that_year, in_another], apart_days=3)
    assert found == [Span(10, 14), Span(100, 100), in_another]
    assert len(occurrences([in_that_year, in_that_year], apart_days=3)) == 1
    assert occurrences([], apart_days=3) == []
    around = [Span(20, 40), Span(0, 20), Span(98, 98)]
    assert occurrences([*days, *around], apart_days=3) == [
        Span(10, 14),
        Span(20, 40),
        Span(98, 100),
    ]


def test_a_trend_is_told_only_where_the_times_are_too_uneven_for_chance():
    assert tendency([90, 95, 97, 99], first=0, last=100).trend is Trend.RISING
    assert tendency([1, 3, 5, 9], first=0, last=100).trend is Trend.FALLING
    assert tendency([10, 40, 60, 90], first=0, last=100).trend is Trend.NONE
    assert tendency([99, 99, 99], first=0, last=100).trend is Trend.UNKNOWN
    # The sum of four even numbers stays below 0.4 with probability 0.4 ** 4 / 4!.
    assert tendency([10, 10, 10, 10], first=0, last=100).p == pytest.approx(2 * 0.4**4 / 24)


def test_clusters_are_those_of_scikit_learns_published_example():
    # sklearn.cluster.DBSCAN: X with eps=3 and min_samples=2 gives 0 0 0 1 1 -1. Ours in metres.
    example = np.array([[1, 2], [2, 2], [2, 3], [8, 7], [8, 8], [25, 80]])
    places = np.degrees(example / clusters.EARTH_M)
    labels = clusters.dense(places, within_m=3, fewest=2)
    assert labels.tolist() == [0, 0, 0, 1, 1, -1]
    assert [rows.tolist() for rows in clusters.grouped(labels)] == [[0, 1, 2], [3, 4]]
    assert clusters.dense(places[:0], within_m=3, fewest=2).size == 0


def test_records_of_one_spot_are_grouped_as_if_each_had_its_own():
    dice = np.random.default_rng(11)
    some = np.round(np.array([108.4, 30.4]) + dice.uniform(0, 0.2, (600, 2)), 2)
    bare = DBSCAN(
        eps=1_200 / clusters.EARTH_M, min_samples=9, metric="haversine", algorithm="ball_tree"
    ).fit(np.radians(some[:, ::-1]))
    assert len(np.unique(some, axis=0)) < 400
    assert set(bare.labels_) > {clusters.ALONE, 0, 1}
    assert clusters.dense(some, within_m=1_200, fewest=9).tolist() == bare.labels_.tolist()


def test_a_hundred_thousand_records_at_the_middle_of_a_town_are_one_heap():
    town = np.tile([[108.4, 30.8]], (100_000, 1))
    assert set(clusters.dense(town, within_m=1_000, fewest=3).tolist()) == {0}


def test_a_distance_within_which_everything_lies_is_refused_before_memory_runs_out():
    everywhere = np.random.default_rng(3).uniform(30.8, 30.9, (30_000, 2))
    with pytest.raises(Rejected, match=r"Search within fewer metres"):
        clusters.dense(everywhere, within_m=20_000, fewest=3)


def test_a_middle_leans_to_the_exact_records_and_a_distance_is_never_understated():
    places = np.array([[108.0, 30.0], [108.02, 30.0]])
    assert clusters.middle(places, [0, 0]) == pytest.approx((108.01, 30.0))
    assert clusters.middle(places, [0, 1_000])[0] < 108.005
    assert [clusters.rounded_up(m) for m in (0, 50, 51, 1_001)] == [50, 50, 100, 1_100]
