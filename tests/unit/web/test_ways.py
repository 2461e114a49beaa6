"""What people write back, when a phone may ring, and which way comes next: the pure rules."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from hazards.calls.rules import Urgency
from rescue_app.channels import keypad
from rescue_app.channels.keypad import Pressed
from rescue_app.channels.rules import (
    BODY_LENGTH,
    MOST_TRIES,
    Quiet,
    QuietFor,
    Said,
    body,
    first_wave,
    in_order,
    next_try,
    number_after,
    sounds_at,
)

ZONE = ZoneInfo("Asia/Shanghai")
NIGHT = Quiet(time(22), time(6, 30), QuietFor.ROUTINE)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1", Pressed(True)),
        ("１。", Pressed(True)),
        (" 1 27 ", Pressed(True, 27)),
        ("1#27", Pressed(True, 27)),
        ("收到", Pressed(True)),
        ("收到 27", Pressed(True, 27)),
        ("OK", Pressed(True)),
        ("2", Pressed(False)),
        ("2 道路中断", Pressed(False, None, "道路中断")),
        ("2道路中断", Pressed(False, None, "道路中断")),
        ("2,27,桥断了", Pressed(False, 27, "桥断了")),
        ("不能，没有车", Pressed(False, None, "没有车")),
        ("2 3个人不够", Pressed(False, None, "3个人不够")),
        ("no vehicle", Pressed(False, None, "vehicle")),
        ("127", None),
        ("12", None),
        ("3", None),
        ("nothing works", None),
        ("", None),
        ("桥断了", None),
    ],
)
def test_an_answer_is_understood_or_it_is_none(text, meant):
    assert keypad.read(text) == meant


@pytest.mark.parametrize(
    "text", ["13900001111", "+86 139-0000-1111", "008613900001111", "86 13900001111"]
)
def test_a_number_is_the_same_however_it_is_written(text):
    assert keypad.phone(text) == "13900001111"


def at(hour, minute=0):
    return datetime(2026, 7, 1, hour, minute, tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "urgency", "rings"),
    [
        (at(21, 59), Urgency.ROUTINE, at(21, 59)),
        (at(22), Urgency.ROUTINE, at(6, 30) + timedelta(days=1)),
        (at(3), Urgency.ROUTINE, at(6, 30)),
        (at(6, 30), Urgency.ROUTINE, at(6, 30)),
        (at(3), Urgency.URGENT, at(3)),
        (at(3), Urgency.FLASH, at(3)),
    ],
)
def test_quiet_hours_hold_back_what_their_person_chose(now, urgency, rings):
    assert sounds_at(NIGHT, urgency, now, ZONE) == rings


def test_a_flash_is_never_held_back():
    quiet = Quiet(time(0), time(23, 59), QuietFor.URGENT)
    assert sounds_at(quiet, Urgency.URGENT, at(3), ZONE) == at(23, 59)
    assert sounds_at(quiet, Urgency.FLASH, at(3), ZONE) == at(3)


def test_no_way_is_lost_by_being_ordered():
    assert in_order(["b", "gone", "b"], ["a", "b", "c"]) == ["b", "a", "c"]
    assert first_wave(["b", "a"], Urgency.URGENT) == ["b"]
    assert first_wave(["b", "a"], Urgency.FLASH) == ["b", "a"]
    assert first_wave([], Urgency.URGENT) == []


def test_tries_come_further_apart_and_end():
    now = at(3)
    waits = [(next_try(n, now) - now).total_seconds() for n in range(1, MOST_TRIES)]
    assert waits == sorted(waits)
    assert next_try(MOST_TRIES, now) is None


def test_numbers_have_two_digits_and_begin_again():
    assert (number_after(None), number_after(10), number_after(99)) == (10, 11, 10)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_however_much_is_said_the_way_to_answer_is_never_cut_off(language):
    texts = ["长" * 300] * 4
    said = Said(Urgency.URGENT, texts, 27, language, True, "https://yitong.example/calls")
    words = body(said)
    assert len(words) <= BODY_LENGTH
    assert "1 27" in words
    assert words.endswith("https://yitong.example/calls")
    assert "4" in words
