"""A reading is kept as it came, and flagged where it cannot be believed: never taken for zero."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import Rejected
from hazards.monitoring import wire, words
from hazards.monitoring.rules import UNBELIEVED, Flag, Limits, Said, judged

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
RAIN = Limits(adds=True, least=0, most=305, stuck=timedelta(hours=3))
LEVEL = Limits(adds=False, least=-50, most=9000, jump=5, stuck=timedelta(hours=72))
MINUTE = timedelta(minutes=1)


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def flags_of(limits, *sent, known=None, interval=MINUTE, tail=None, now=NOW):
    said = [Said(at(minutes), value) for minutes, value in sent]
    made, _ = judged(limits, tail, said, known=known or {}, interval=interval, now=now)
    return {one.said.at: one.flags for one in made}


@pytest.mark.parametrize(
    ("value", "flag"),
    [(None, Flag.MISSING), (-1.0, Flag.RANGE), (306.0, Flag.RANGE), (0.0, Flag(0))],
)
def test_what_no_gauge_can_say_is_kept_and_not_believed(value, flag):
    (flags,) = flags_of(RAIN, (-1, value)).values()
    assert flags == flag


def test_a_reading_from_the_future_is_not_believed_one_a_little_ahead_is():
    assert flags_of(RAIN, (4, 1.0), (6, 1.0)) == {at(4): Flag(0), at(6): Flag.FUTURE}


def test_a_late_reading_is_late_and_believed():
    (flags,) = flags_of(RAIN, (-11, 2.0)).values()
    assert flags == Flag.LATE
    assert not flags & UNBELIEVED


def test_another_value_for_a_moment_that_is_known_contradicts_it():
    known = {at(-2): 3.0}
    assert flags_of(RAIN, (-2, 3.0), known=known)[at(-2)] == Flag(0)
    assert flags_of(RAIN, (-2, 4.0), known=known)[at(-2)] == Flag.CONTRADICTS


def test_a_leap_is_a_spike_until_the_next_reading_confirms_it():
    up = flags_of(LEVEL, (-4, 1.0), (-3, 9.0), (-2, 9.1))
    assert list(up.values()) == [Flag(0), Flag.SPIKE, Flag(0)]
    back = flags_of(LEVEL, (-4, 1.0), (-3, 9.0), (-2, 1.1))
    assert list(back.values()) == [Flag(0), Flag.SPIKE, Flag(0)]


def test_dry_weather_is_never_stuck_and_a_shower_that_never_ends_is():
    hours = [-60.0 * h for h in range(5, -1, -1)]
    hourly = timedelta(hours=1)
    dry = flags_of(RAIN, *((m, 0.0) for m in hours), interval=hourly)
    assert not any(f & Flag.STUCK for f in dry.values())
    wet = flags_of(RAIN, *((m, 7.0) for m in hours), interval=hourly)
    assert [bool(f & Flag.STUCK) for f in wet.values()] == [False] * 3 + [True] * 3


def test_a_stuck_gauge_is_still_judged():
    assert not Flag.STUCK & UNBELIEVED


@given(st.lists(st.tuples(st.integers(-600, 10), st.one_of(st.none(), st.floats(-100, 400)))))
def test_every_reading_comes_out_whatever_came_in(sent):
    said = [Said(at(minutes), value) for minutes, value in sent]
    made, tail = judged(RAIN, None, said, known={}, interval=MINUTE, now=NOW)
    assert sorted(str(one.said) for one in made) == sorted(map(str, said))
    believed = [one.said.at for one in made if one.believed]
    assert (tail.at if tail else None) == max(believed, default=None)


@pytest.mark.parametrize(
    "said", ["NA", "", None, "NaN", float("nan"), -9999, "-9999.0", "缺测", "--"]
)
def test_a_station_without_a_value_has_none(said):
    assert words.number_of(said) is None


def test_a_great_flow_is_a_number():
    assert words.number_of("9999") == 9999


@pytest.mark.parametrize("said", ["abc", True, "inf", [1], {"a": 1}])
def test_what_is_no_number_is_refused_in_words(said):
    with pytest.raises(Rejected, match="number"):
        words.number_of(said)


def test_a_unit_is_converted_and_an_unknown_one_keeps_the_words():
    units = {"mm": 1.0, "in": 25.4}
    assert words.said("2", unit="in", units=units, at=NOW) == Said(NOW, 50.8, "2 in")
    odd = words.said("2", unit="furlong", units=units, at=NOW)
    assert (odd.value, odd.words, odd.unit_known) == (None, "2 furlong", False)


@pytest.mark.parametrize("said", ["yesterday", "2026-07-01T08:00:00", "0001-01-01T00:00:00Z", 7])
def test_a_time_that_is_none_or_has_no_zone_is_refused(said):
    with pytest.raises(Rejected, match="time"):
        words.moment(said, now=NOW)


def test_a_time_is_read_with_its_zone():
    assert words.moment("2026-07-01T08:00:00+08:00", now=NOW) == datetime(2026, 7, 1, tzinfo=UTC)


def test_senml_resolves_base_values_and_relative_times():
    body = b'[{"bn":"A/","bt":1782900000,"bu":"mm","n":"rain","v":1.5},{"n":"rain","t":60,"v":2}]'
    first, second = wire.read(body, kind="application/senml+json; charset=utf-8", now=NOW)
    assert (first.stream, first.value, first.unit) == ("A/rain", 1.5, "mm")
    assert second.at - first.at == MINUTE
    (ago,) = wire.read(b'[{"n":"A/rain","t":-60,"v":1}]', kind=wire.SENML, now=NOW)
    assert ago.at == at(-1)


def test_a_table_in_gbk_is_read():
    body = "stream,at,value,unit\n雨量/rain,2026-07-01T08:00:00Z,1,毫米\n".encode("gbk")
    (one,) = wire.read(body, kind="text/csv", now=NOW)
    assert (one.stream, one.unit) == ("雨量/rain", "毫米")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{", wire.JSON),
        (b"[]", wire.JSON),
        (b'{"readings": [1]}', wire.JSON),
        (b"{}", wire.SENML),
        (b"a,b\n1,2", wire.CSV),
        (b"", wire.CSV),
        (b"stream,at,value\n" + b"x" * 200_000, wire.CSV),
        (b"x", "text/plain"),
        (b'{"readings": [' + b"{}," * 10_000 + b"{}]}", wire.JSON),
    ],
)
def test_a_body_that_is_not_what_it_says_is_refused_whole(body, kind):
    with pytest.raises(Rejected, match="Nothing was kept"):
        wire.read(body, kind=kind, now=NOW)
