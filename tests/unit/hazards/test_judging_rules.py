"""Colours come at their steps, hold, and go down one by one; arrays say what the rule says."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import Rejected
from hazards.alerts.rules import Colour
from hazards.judging import files
from hazards.judging.rules import (
    CALM,
    RANK,
    TICK,
    Kind,
    Reached,
    Rule,
    Step,
    advance,
    agreed,
    episodes,
    seen,
)
from hazards.judging.windows import SLOTS, SPAN, Windows, end_of, tick_of
from rescue_app.settings import PROJECT

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
BLUE, YELLOW, ORANGE, RED = Colour
RAIN = Rule(
    "rain",
    Kind.SUM,
    (
        Step(BLUE, 50, 12 * HOUR),
        Step(YELLOW, 50, 6 * HOUR),
        Step(ORANGE, 50, 3 * HOUR),
        Step(RED, 100, 3 * HOUR),
    ),
)
LEVEL = Rule("water_level", Kind.VALUE, (Step(BLUE, 3), Step(YELLOW, 4), Step(ORANGE, 5)))


def reached(colour, measured=1.0):
    return Reached(1, Step(colour, 1.0), measured) if colour else None


def test_the_highest_step_counts_and_of_one_colour_the_one_exceeded_most():
    measured = {(12 * HOUR, ""): 80.0, (6 * HOUR, ""): 70.0, (3 * HOUR, ""): 60.0}
    assert seen(RAIN, 1, measured).step.colour is ORANGE
    assert seen(RAIN, 1, {(12 * HOUR, ""): 80.0}).step.colour is BLUE
    assert seen(RAIN, 1, {(12 * HOUR, ""): 49.9}) is None


def test_what_nobody_measured_reaches_nothing():
    assert seen(RAIN, 1, {}) is None


@pytest.mark.parametrize(
    ("agree", "votes", "second", "colour"),
    [
        (1, [BLUE, RED], None, RED),
        (2, [BLUE, RED], None, BLUE),
        (2, [RED], None, RED),
        (2, [RED, None], None, None),
        (2, [RED, None], YELLOW, YELLOW),
        (2, [None, None], RED, None),
        (3, [RED, ORANGE, YELLOW, None], None, YELLOW),
    ],
)
def test_so_many_streams_must_agree_and_rain_is_one_more_voice(agree, votes, second, colour):
    rule = Rule("crack", Kind.RATE, (), agree=agree)
    found = agreed(rule, [reached(vote) for vote in votes], reached(second))
    assert (found.colour if found else None) is colour


def run(rule, *told, standing=CALM):
    """Go through ticks of (reached, kept); give the colours."""
    colours = []
    for n, (full, kept) in enumerate(told):
        standing = advance(rule, standing, full, kept, NOW + n * TICK)
        colours.append(standing.colour)
    return colours


def test_a_colour_comes_at_once_and_goes_down_step_by_step():
    rule = Rule("rain", Kind.SUM, (), down_after=2 * TICK)
    up = [(RED, RED)]
    calm = [(None, None)] * 8
    assert run(rule, *up, *calm) == [RED, RED, RED, ORANGE, ORANGE, YELLOW, YELLOW, BLUE, BLUE]


def test_a_colour_holds_while_its_eased_step_does():
    rule = Rule("rain", Kind.SUM, (), down_after=TICK)
    assert run(rule, (ORANGE, ORANGE), (YELLOW, ORANGE), (None, ORANGE), (None, None))[2] is ORANGE


def test_easing_that_is_interrupted_begins_again():
    rule = Rule("rain", Kind.SUM, (), down_after=2 * TICK)
    told = [(RED, RED), (None, None), (None, RED), (None, None), (None, None), (None, None)]
    assert run(rule, *told) == [RED] * 5 + [ORANGE]


def test_with_a_hold_a_colour_has_to_last_and_only_what_lasted_counts():
    rule = Rule("ponding", Kind.VALUE, (), hold=2 * TICK)
    assert run(rule, (RED, RED), (None, None), (RED, RED), (BLUE, BLUE), (RED, RED)) == [
        None,
        None,
        None,
        None,
        BLUE,
    ]


@given(st.lists(st.tuples(st.sampled_from([None, *Colour]), st.sampled_from([None, *Colour]))))
def test_a_colour_never_jumps_down_and_never_rises_above_what_was_reached(told):
    rule = Rule("rain", Kind.SUM, (), down_after=TICK)
    standing = CALM
    for n, (full, eased) in enumerate(told):
        kept = max(full, eased, key=lambda one: RANK[one])  # what reaches a step reaches less of it
        after = advance(rule, standing, full, kept, NOW + n * TICK)
        assert RANK[after.colour] >= RANK[standing.colour] - 1
        assert RANK[after.colour] <= max(RANK[standing.colour], RANK[full])
        assert RANK[after.colour] >= RANK[full]
        standing = after


def test_changes_are_joined_into_episodes():
    at = [NOW + n * HOUR for n in range(6)]
    told = [(at[0], BLUE), (at[1], RED), (at[2], BLUE), (at[3], None), (at[5], YELLOW)]
    assert [(one.start, one.end, one.worst) for one in episodes(told)] == [
        (at[0], at[3], RED),
        (at[5], None, YELLOW),
    ]


def test_a_reading_belongs_to_the_tick_that_ends_with_it():
    assert tick_of(NOW) + 1 == tick_of(NOW + timedelta(microseconds=1))
    assert end_of(tick_of(NOW)) == NOW


Readings = st.lists(
    st.tuples(st.integers(1, 3), st.integers(-30 * 60, 0), st.floats(0, 50)), max_size=40
)


@given(Readings, st.sampled_from([HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, SPAN]))
def test_the_arrays_say_what_the_readings_add_up_to(told, window):
    told = sorted(told, key=lambda one: one[1])
    windows = Windows(dict.fromkeys((1, 2, 3), TICK), adds=True, until=NOW - 2 * HOUR)
    held = 0
    for until in (NOW - 2 * HOUR, NOW - HOUR, NOW):  # in three pours, as they came
        part = [one for one in told[held:] if NOW + timedelta(minutes=one[1]) <= until]
        held += len(part)
        windows.go_on(until)
        windows.add(
            np.array([one[0] for one in part], dtype=np.int64),
            np.array([tick_of(NOW + timedelta(minutes=one[1])) for one in part], dtype=np.int64),
            np.array([one[2] for one in part], dtype=np.float64),
        )
    measured = windows.measured(Kind.SUM, (window, ""))
    for row, stream in enumerate((1, 2, 3)):
        theirs = [v for s, m, v in told if s == stream and -m < window / timedelta(minutes=1)]
        if theirs:
            assert measured[row] == pytest.approx(sum(theirs))
        else:
            assert np.isnan(measured[row])


def test_a_state_is_its_last_value_and_its_change_is_from_the_first_of_the_window():
    windows = Windows({7: TICK}, adds=False, until=NOW)
    ticks = [tick_of(NOW - n * HOUR) for n in (3, 2, 1)]
    windows.add(np.array([7, 7, 7]), np.array(ticks), np.array([1.0, 4.0, 3.0]))
    assert windows.measured(Kind.VALUE, (2 * HOUR, ""))[0] == 3.0
    assert windows.measured(Kind.RATE, (SPAN, ""))[0] == 2.0
    assert np.isnan(windows.measured(Kind.VALUE, (HOUR, ""))[0])


def test_who_has_not_spoken_lately_is_told_apart():
    windows = Windows({1: TICK, 2: timedelta(days=1)}, adds=True, until=NOW)
    both = np.array([1, 2])
    windows.add(both, np.array([tick_of(NOW - 2 * HOUR)] * 2), np.array([1.0, 1.0]))
    assert windows.speaks().tolist() == [False, True]
    windows.go_on(NOW + SLOTS * TICK)
    assert windows.speaks().tolist() == [False, False]


def test_the_shipped_rules_are_read_and_a_curve_becomes_sums():
    entries = {one.code: one.rule() for one in files.read(PROJECT / "data/monitoring/rules.yaml")}
    assert entries["rainstorm"].steps == RAIN.steps
    caine = {(s.colour, s.window): s.at for s in entries["landslide_rain"].steps}
    assert caine[YELLOW, HOUR] == 14.8
    assert caine[YELLOW, SPAN] == pytest.approx(14.82 * 24**0.61, abs=0.05)


@pytest.mark.parametrize(
    "wrong",
    [
        "kind: sum",
        "kind: value, steps: [{colour: red, at: 1, hours: 3}]",
        "kind: rate, steps: [{colour: red, at: 1}]",
        "kind: rate, curve: {alpha: 1, beta: 0.1, hours: [1]}, shares: {red: 1}",
        "kind: sum, steps: [{colour: pink, at: 1, hours: 3}]",
        "kind: sum, steps: [{colour: red, at: 1, hours: 3000}]",
        "kind: sum, steps: [{colour: red, at: 1, hours: 36.5}]",
        "kind: sum, steps: [{colour: red, at: 0, hours: 3}]",
        "kind: rate, steps: [{colour: red, at: 1, hours: 48}]",
        "kind: over, steps: [{colour: red, at: 1}]",
        "kind: value, steps: [{colour: red, at: 1, mark: warning}]",
    ],
)
def test_a_rule_that_nothing_reaches_is_refused_with_its_place(tmp_path, wrong):
    path = tmp_path / "rules.yaml"
    names = "code: storm, name: {zh: 雨, en: rain}, hazard_type: waterlogging, property: rain"
    path.write_text(f"- {{{names}, {wrong}}}", encoding="utf-8")
    with pytest.raises(Rejected, match=r"rules\.yaml"):
        files.read(path)
