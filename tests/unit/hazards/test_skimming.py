"""A replay that looks only where something can change gives what one of every tick gives."""

from datetime import timedelta
from uuid import UUID

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hazards.judging import files, replay
from hazards.judging.memory import MICROSECOND, spans_of
from hazards.judging.repository import ROW
from hazards.judging.rules import BY_RANK, TICK
from hazards.judging.sentences import Words
from hazards.judging.windows import EPOCH, Windows
from tests.monitoring import NOW

POINT = UUID(int=1)
DAYS = 4
COMMON = {"code": "x_rule", "name": {"zh": "雨", "en": "rain"}, "hazard_type": "landslide"}
RULES = {
    "sum": {"property": "rain", "kind": "sum", "down_after_min": 30, "steps": [
        {"colour": "blue", "hours": 1, "at": 5}, {"colour": "red", "hours": 3, "at": 12}]},
    "days": {"property": "rain", "kind": "sum", "decay": 0.84, "down_after_min": 60, "steps": [
        {"colour": "yellow", "hours": 72, "at": 20}, {"colour": "red", "hours": 30, "at": 30}]},
    "value": {"property": "ponding", "kind": "value", "hold_min": 10, "down_after_min": 15,
              "steps": [{"colour": "blue", "at": 3}, {"colour": "orange", "at": 7}]},
    "rate": {"property": "crack", "kind": "rate", "down_after_min": 60,
             "steps": [{"colour": "blue", "hours": 6, "at": 3}]},
    "over": {"property": "level", "kind": "over", "margin": 0.5, "down_after_min": 10,
             "steps": [{"colour": "yellow", "mark": "warning", "at": 0}]},
    "agree": {"property": "crack", "kind": "value", "agree": 2, "down_after_min": 10,
              "steps": [{"colour": "blue", "at": 3}, {"colour": "orange", "at": 7}]},
}  # fmt: skip
BOUTS = st.lists(
    st.tuples(st.integers(1, 2), st.integers(0, DAYS * 288), st.integers(1, 40), st.floats(0, 9)),
    max_size=12,
)


def rows_of(bouts):
    """Let each bout be so many readings of a stream, one each tick."""
    told = {
        (stream, NOW + (first + n) * TICK): round(value * (1 + n % 3 / 10), 1)
        for stream, first, count, value in bouts
        for n in range(count)
    }
    rows = np.zeros(len(told), ROW)
    for row, ((stream, at), value) in zip(rows, sorted(told.items(), key=lambda one: one[0][1]),
                                          strict=True):  # fmt: skip
        row["stream"], row["at"], row["value"] = stream, (at - EPOCH) // MICROSECOND, value
    return rows


def judged(rule, rows):
    start, end = NOW + timedelta(days=1), NOW + timedelta(days=DAYS)
    span = spans_of([rule])[rule.property]
    marks = {"warning": {1: 4.0}}
    adds, first = rule.property == "rain", start - span - TICK
    held = Windows({1: TICK, 2: TICK}, adds=adds, until=first, span=span, marks=marks)
    both, words = {1: POINT, 2: POINT}, Words("雨", "rain", "mm")
    windows = {rule.property: held}
    return list(replay.judged(rule, windows, both, rows, words, start=start, end=end))


@pytest.mark.parametrize("kind", RULES)
@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(bouts=BOUTS)
def test_looking_only_where_something_can_change_changes_nothing(kind, bouts):
    rule, rows = files.checked(COMMON | RULES[kind]).rule(), rows_of(bouts)
    quick = judged(rule, rows)
    with pytest.MonkeyPatch.context() as patch:
        never = np.zeros((len(BY_RANK), DAYS * 288 + 1), dtype=bool)
        patch.setattr(replay, "steady", lambda *_, **__: never)
        assert judged(rule, rows) == quick


@pytest.mark.parametrize("kind", RULES)
def test_what_is_tried_here_reaches_colours(kind):
    bouts = [
        (1, 380, 5, 1.0),
        (1, 400, 40, 8.0),
        (2, 405, 40, 8.5),
        (1, 440, 1, 1.0),
        (2, 500, 20, 0.0),
    ]
    assert judged(files.checked(COMMON | RULES[kind]).rule(), rows_of(bouts))
