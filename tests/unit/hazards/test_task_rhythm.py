"""When a list falls due: turns without gap or overlap, by the city's clock, at season edges."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hazards.checklists.rules import Mode, Rhythm, Season
from hazards.tasks.rules import (
    ZONE,
    Floods,
    in_season,
    once_per_emergency,
    period_of,
    window_of,
)

TURNING = [r for r in Rhythm if r is not Rhythm.ONCE]
YEARS = 97 * 366 * 24 * 3600
moments = st.integers(0, YEARS).map(
    lambda second: datetime(2001, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
)


def local(*parts):
    return datetime(*parts, tzinfo=ZONE)


@given(st.sampled_from(TURNING), moments)
def test_every_moment_lies_in_exactly_one_turn(rhythm, at):
    turn = period_of(rhythm, at, mode=Mode.URGENT)
    assert turn.start <= at < turn.end
    before = period_of(rhythm, turn.start - timedelta(microseconds=1), mode=Mode.URGENT)
    after = period_of(rhythm, turn.end, mode=Mode.URGENT)
    assert before.end == turn.start
    assert after.start == turn.end
    assert len({before.key, turn.key, after.key}) == 3
    for edge in (turn.start, turn.end - timedelta(microseconds=1)):
        assert period_of(rhythm, edge, mode=Mode.URGENT) == turn


@given(st.sampled_from(TURNING), moments, st.integers(1, 24 * 366))
def test_whoever_gets_a_task_has_at_least_half_its_time(rhythm, at, hours):
    turn = period_of(rhythm, at, mode=Mode.WAR)
    window = window_of(turn, hours=hours, now=at)
    assert window.due_at - window.from_at == timedelta(hours=hours)
    assert window.due_at - max(at, window.from_at) >= timedelta(hours=hours) / 2
    assert turn.start <= window.from_at <= at


@given(moments, st.integers(1, 12), st.integers(1, 12))
def test_flood_and_dry_season_share_the_year_out(at, first, last):
    floods, day = Floods(first, last), at.date()
    assert in_season(Season.FLOOD, day, floods) != in_season(Season.DRY, day, floods)
    assert in_season(Season.ALL, day, floods)


@pytest.mark.parametrize(
    ("rhythm", "at", "key", "start", "end"),
    [
        ("daily", local(2028, 2, 29, 23, 59), "2028-02-29", (2028, 2, 29), (2028, 3, 1)),
        ("monthly", local(2028, 2, 29), "2028-02", (2028, 2, 1), (2028, 3, 1)),
        ("yearly", local(2028, 2, 29), "2028", (2028, 1, 1), (2029, 1, 1)),
        ("quarterly", local(2026, 12, 31, 23), "2026-Q4", (2026, 10, 1), (2027, 1, 1)),
        ("weekly", local(2027, 1, 3, 12), "2026-W53", (2026, 12, 28), (2027, 1, 4)),
        ("twice_weekly", local(2026, 7, 1), "2026-W27/1", (2026, 6, 29), (2026, 7, 2)),
        ("twice_weekly", local(2026, 7, 2), "2026-W27/2", (2026, 7, 2), (2026, 7, 6)),
        ("twice_daily", local(2026, 7, 1, 12), "2026-07-01T12/12", (2026, 7, 1, 12), (2026, 7, 2)),
        ("hourly", local(2026, 7, 1, 23, 59), "2026-07-01T23/1", (2026, 7, 1, 23), (2026, 7, 2)),
        # One o'clock at night in the city is still the day before in Greenwich.
        ("daily", datetime(2026, 6, 30, 17, tzinfo=UTC), "2026-07-01", (2026, 7, 1), (2026, 7, 2)),
    ],
)
def test_turns_follow_the_calendar_of_the_city(rhythm, at, key, start, end):
    turn = period_of(Rhythm(rhythm), at)
    assert (turn.key, turn.start, turn.end) == (key, local(*start), local(*end))


@pytest.mark.parametrize(
    ("day", "flood"),
    [
        (date(2026, 4, 30), False),
        (date(2026, 5, 1), True),
        (date(2026, 9, 30), True),
        (date(2026, 10, 1), False),
    ],
)
def test_the_flood_season_begins_and_ends_with_its_months(day, flood):
    assert in_season(Season.FLOOD, day, Floods()) is flood


def test_a_season_may_run_over_the_turn_of_the_year():
    floods = Floods(11, 2)
    held = [month for month in range(1, 13) if floods.hold(date(2026, month, 1))]
    assert held == [1, 2, 11, 12]


def test_rounds_about_rain_fall_due_in_an_emergency_alone():
    at = local(2026, 7, 1, 11, 30)
    assert period_of(Rhythm.AROUND_RAIN, at) is None
    turn = period_of(Rhythm.AROUND_RAIN, at, mode=Mode.URGENT)
    assert (turn.start, turn.end) == (local(2026, 7, 1, 6), local(2026, 7, 1, 12))


def test_what_is_done_once_is_done_once_for_ever_in_peace_and_once_in_each_emergency():
    turns = {period_of(Rhythm.ONCE, local(year, 7, 1)).key for year in (2026, 2031)}
    assert turns == {"once"}
    assert not once_per_emergency(Rhythm.ONCE, Mode.PEACE)
    assert once_per_emergency(Rhythm.ONCE, Mode.WAR)
