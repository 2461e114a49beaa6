"""Figures of a night counted by hand: each hop has one fate, each time is measured by itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import median
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import Rejected
from hazards.calls.rules import RungKind
from rescue_app.dispatch.rules import HopKind, Step, StepKind
from rescue_app.review import indicators, ladders, rules
from rescue_app.review.ladders import Rung
from rescue_app.review.rules import Fate, Hop, Leg, Told

START = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
ORDER, CITY = uuid4(), uuid4()


def at(minutes):
    return START + timedelta(minutes=minutes)


def hop(level="crew", *, began=0, due=5, parent=CITY, holder=None, **log):
    """`hop(accepted=3, arrived=20)`: minutes after the start."""
    steps = tuple(Step(uuid4(), StepKind(kind), at(minute)) for kind, minute in log.items())
    kind = holder or (HopKind.CREW if level == "crew" else HopKind.CENTRE)
    return Hop(uuid4(), ORDER, parent, kind, level, "队", "crew", START, at(began),
               at(began + due), Told.of(steps))  # fmt: skip


def minutes(spread):
    return [round(one.total_seconds() / 60, 1) for one in (spread.median, spread.p90, spread.worst)]


def test_each_time_of_a_hop_stands_apart():
    one = hop(began=2, queued=2, delivered=3, seen=6, accepted=7, moving=9, arrived=25, done=60)
    times = {leg: time.total_seconds() / 60 for leg, time in rules.legs(one).items()}
    assert times == {
        Leg.DELIVERED: 1, Leg.SEEN: 4, Leg.ANSWERED: 5, Leg.MOVING: 2, Leg.ARRIVED: 16,
        Leg.DONE: 35, Leg.ON_SITE: 25,
    }  # fmt: skip


def test_a_time_that_nobody_told_is_not_guessed():
    assert rules.legs(hop(accepted=3, arrived=20)).keys() == {Leg.ANSWERED, Leg.ON_SITE}
    assert rules.legs(hop(arrived=9, moving=12)).keys() == {Leg.ANSWERED, Leg.MOVING, Leg.ON_SITE}


def test_the_middle_nine_of_ten_and_the_worst_of_ten():
    ten = [hop(accepted=n, due=20) for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 30)]
    told = rules.spreads(ten)[Leg.ANSWERED]
    assert (told.count, minutes(told)) == (10, [5.5, 9, 30])
    assert minutes(rules.spread([timedelta(minutes=4)])) == [4, 4, 4]
    assert rules.spread([]) is None


def test_a_night_counted_by_hand():
    night = [
        hop("district", accepted=2, passed_down=4),
        hop("district", delivered=1),
        hop("street", began=4, climbed_over=12),
        hop("crew", began=4, accepted=15, arrived=30, done=50),
        hop("crew", began=4, cannot=6),
        hop("crew", began=58, due=10),
        hop("crew", began=4, withdrawn=6),
    ]
    told = rules.tally(night, now=at(60))
    assert told == rules.Tally(
        given=7, reached=4, answered=3, in_time=2, silent=2, waiting=1, recalled=1,
        climbed_over=1, cannot=1, taken_back=1, arrived=1, done=1,
    )  # fmt: skip
    levels = rules.by_level(night)
    assert [(level, len(hops)) for level, hops in levels.items()] == [
        ("district", 2), ("street", 1), ("crew", 4),
    ]  # fmt: skip


def test_a_department_is_a_lane_of_its_own():
    assert list(rules.by_level([hop("district", holder=HopKind.DEPARTMENT)])) == ["department"]


def test_what_is_said_after_it_was_taken_back_is_no_answer():
    assert rules.fate(hop(withdrawn=3, accepted=4), now=at(60)) is Fate.RECALLED
    assert rules.fate(hop(accepted=2, withdrawn=3), now=at(60)) is Fate.ANSWERED
    assert rules.fate(hop(withdrawn=9), now=at(60)) is Fate.SILENT


def test_who_came_instead_is_beside_a_refusal_and_below_a_silence():
    refused, second, before = hop(cannot=6), hop(began=8), hop(began=1)
    silent = hop("street", climbed_over=12)
    below = hop(began=12, parent=silent.id)
    tree = {CITY: [refused, silent, before, second], silent.id: [below]}
    assert rules.instead(refused, tree) == [second]
    assert rules.instead(silent, tree) == [below]
    assert rules.instead(second, tree) == []


KINDS = st.sampled_from([kind.value for kind in StepKind])


@given(st.lists(st.dictionaries(KINDS, st.integers(0, 90))), st.integers(0, 120))
def test_every_hop_has_one_fate_and_no_time_is_negative(logs, now):
    hops = [hop(**log) for log in logs]
    told = rules.tally(hops, now=at(now))
    assert told.answered + told.silent + told.waiting + told.recalled == told.given == len(hops)
    assert told.in_time <= told.answered <= told.reached
    assert told.done <= told.arrived <= told.answered
    assert all(time >= timedelta() for one in hops for time in rules.legs(one).values())


@given(st.lists(st.dictionaries(KINDS, st.integers(0, 90), min_size=1), min_size=1))
def test_the_order_of_arrival_changes_no_figure(logs):
    hops = [hop(**log) for log in logs]
    turned = [replace(one, told=Told.of(one.told.lines[::-1])) for one in hops[::-1]]
    assert rules.tally(turned, now=at(99)) == rules.tally(hops, now=at(99))
    assert rules.spreads(turned) == rules.spreads(hops)


@given(st.lists(st.dictionaries(KINDS, st.integers(0, 90)), max_size=9), st.integers(0, 9))
def test_the_tallies_of_levels_add_up_to_that_of_all_and_the_middle_is_the_median(logs, cut):
    hops = [hop(**log) for log in logs]
    apart = [rules.tally(those, now=at(60)) for those in (hops[:cut], hops[cut:])]
    assert rules.added(apart) == rules.tally(hops, now=at(60))
    times = [timedelta(seconds=at / 3) for log in logs for at in log.values()]
    told = rules.spread(times)
    middle = median(one.total_seconds() for one in times) if times else None
    assert (told and told.median) == (middle if middle is None else timedelta(seconds=middle))


def rung(kind=RungKind.FIRST, called=0, answered=None, answer=None, took=False, over=5):
    return Rung(
        kind, "某", None if called is None else at(called), at(over),
        None if answered is None else at(answered), answer, took,
    )  # fmt: skip


def test_time_per_rung_and_who_took_the_call():
    first, deputy = ladders.lines(
        [
            rung(answered=2, answer="yes", took=True),
            rung(answered=4, answer="cannot"),
            rung(over=5),
            rung(RungKind.DEPUTY, called=5, answered=8, answer="yes", took=True, over=10),
            rung(RungKind.DEPUTY, called=5, over=20),
            rung(RungKind.SUPERIOR, called=None),
        ],
        now=at(12),
    )
    assert (first.called, first.yes, first.cannot, first.silent, first.waiting) == (3, 1, 1, 1, 0)
    assert minutes(first.times) == [3, 4, 4]
    assert (deputy.called, deputy.took, deputy.waiting) == (2, 1, 1)


def found(night, *said, target=5, now=60):
    levels = rules.by_level(night) | {indicators.ALL: night}
    tallies = {level: rules.tally(hops, now=at(now)) for level, hops in levels.items()}
    wanted = indicators.formula(*said)
    return indicators.found(wanted, target, tallies, levels, now=at(now))


def test_an_indicator_is_its_formula():
    night = [hop("district", accepted=2), hop("crew", accepted=8), hop("crew", delivered=1)]

    def value(*said):
        return found(night, *said).value

    assert value("p90", "answered", "district") == pytest.approx(2)
    assert value("worst", "answered", "all") == pytest.approx(8)
    assert value("share", "silent", "crew") == pytest.approx(50)
    assert value("share", "in_time", "all") == pytest.approx(100 / 3)
    assert value("median", "arrived", "crew") is None
    assert value("share", "silent", "city") is None


def test_a_ceiling_and_a_floor_are_met_from_their_own_side():
    night = [hop(accepted=5), hop(accepted=5), hop(accepted=6), hop(delivered=1)]
    for said, target, met in (
        (("median", "answered", "crew"), 5.5, True),
        (("median", "answered", "crew"), 5.4, False),
        (("share", "in_time", "crew"), 50, True),
        (("share", "in_time", "crew"), 51, False),
        (("share", "silent", "crew"), 25, True),
        (("share", "silent", "crew"), 24, False),
        (("share", "silent", "street"), 0, None),
    ):
        assert found(night, *said, target=target).met is met, said


def test_who_never_answered_is_no_target_met():
    wanzhou, silent = hop("district", accepted=2), hop("district", delivered=1)
    told = found([wanzhou, silent], "p90", "answered", "district")
    assert (told.value, told.counted, told.owed, told.met) == (2, 1, 2, False)
    told = found([silent], "p90", "answered", "district")
    assert (told.value, told.counted, told.owed, told.met) == (None, 0, 1, False)
    assert found([wanzhou, silent], "p90", "answered", "district", now=4).met is True
    nine = [hop(accepted=2) for _ in range(9)]
    assert found([*nine, hop(delivered=1)], "p90", "answered", "crew").met is True
    assert found([*nine, hop(delivered=1)], "worst", "answered", "crew").met is False
    assert found([hop(withdrawn=2)], "p90", "answered", "crew").owed == 0


def test_a_crew_that_never_came_is_no_target_met():
    came, never, refused = hop(accepted=1, arrived=8), hop(accepted=1, moving=3), hop(cannot=1)
    night = [came, never, refused, hop("district", accepted=1)]
    told = found(night, "worst", "on_site", "crew", target=30)
    assert (told.value, told.counted, told.owed, told.met) == (8, 1, 2, False)
    assert found(night, "worst", "on_site", "crew", target=30, now=20).met is True
    assert found(night, "worst", "arrived", "all", target=30).owed == 1


def test_a_word_outside_the_vocabulary_is_refused():
    with pytest.raises(Rejected, match="no formula"):
        indicators.formula("mean", "answered", "all")
    with pytest.raises(Rejected, match="no formula"):
        indicators.formula("share", "on_site", "all")
    with pytest.raises(Rejected, match="between 0 and 100"):
        indicators.checked_target(indicators.formula("share", "silent", "all"), 101)
