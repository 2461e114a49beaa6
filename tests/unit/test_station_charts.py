"""Charts of stations: running sums, the steps of rules near them, and stretches of colours."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from hazards.judging.history import stretches
from hazards.monitoring.reading import Slot
from rescue_app.web import chart
from rescue_app.web.chart import Level, Span
from rescue_app.web.stream_chart import Over, running

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
HOUR, TEN = timedelta(hours=1), timedelta(minutes=10)


def changed(*told):
    facts = {"why_zh": "雨", "why_en": "rain"}
    return [SimpleNamespace(at=NOW + hours * HOUR, colour=one, **facts) for hours, one in told]


def cut(*told, start, end):
    made = stretches(changed(*told), start=NOW + start * HOUR, end=NOW + end * HOUR)
    return [((one.start - NOW) / HOUR, (one.end - NOW) / HOUR, one.colour) for one in made]


def test_what_stood_before_a_span_stands_from_its_beginning():
    told = (-5, "blue"), (2, "red"), (4, None), (6, "yellow")
    assert cut(*told, start=0, end=8) == [(0, 2, "blue"), (2, 4, "red"), (6, 8, "yellow")]


def test_what_ended_before_a_span_is_not_in_it():
    assert cut((-5, "blue"), (-2, None), start=0, end=8) == []


def fell(*amounts):
    return [Slot(n, one, one, one, one, 0) for n, one in enumerate(amounts) if one is not None]


def test_a_running_sum_is_what_fell_in_the_window_that_ends_there():
    fine = fell(1, 2, 3, 4, 5, 6)
    over = Over(3 * TEN)
    made = running(fine, before=3, inside=3, slots=3, step=TEN, over=over)
    assert [(one.slot, one.mean) for one in made] == [(0, 9), (1, 12), (2, 15)]


def test_each_day_back_counts_less_and_nothing_heard_is_no_sum():
    day = timedelta(days=1)
    made = running(fell(8, 4, 2, 0), before=3, inside=1, slots=1, step=day, over=Over(3 * day, 0.5))
    assert made[0].mean == pytest.approx(0 + 0.5 * 2 + 0.25 * 4)
    assert running([], before=3, inside=3, slots=3, step=TEN, over=Over(3 * TEN)) == []


def test_of_several_sums_in_a_slot_the_most_is_drawn():
    made = running(fell(0, 9, 0, 0), before=1, inside=3, slots=1, step=TEN, over=Over(TEN))
    assert [(one.low, one.high, one.mean) for one in made] == [(0, 9, 9)]


def test_steps_near_the_series_are_drawn_and_the_next_above_it_but_none_far_off():
    levels = [Level(value, "red", "红", "red") for value in (1, 3, 4, 9, 50)]
    slots = [Slot(n, 2.0, 4.0, 3.0, None, 0) for n in range(4)]
    zone, span = ZoneInfo("Asia/Shanghai"), Span(NOW, NOW + 4 * HOUR, 4)
    made = chart.drawn(slots, span, adds=False, zone=zone, levels=levels)
    assert [line.level.value for line in made.lines] == [1, 3, 4, 9]
    heights = [line.at for line in made.lines]
    assert heights == sorted(heights, reverse=True)
    assert all(chart.TOP <= one <= chart.HEIGHT - chart.BOTTOM for one in heights)
